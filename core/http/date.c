#include "http/date.h"

#include "base/clock.h"

static const char days[7][4] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

enum { DAY = 86400 };

/* A date of the proleptic Gregorian calendar, UTC. */
typedef struct moment {
    int64_t year;
    int month, day; /* from 1 */
    int hour, minute, second;
} moment;

/* Days since 1970-01-01.  Years are taken to begin in March, so that the leap day
 * is a year's last and months have a regular rhythm (153 days every five). */
static int64_t days_of(int64_t year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
           day_of_year - 719468;
}

/* The inverse of days_of(). */
static moment date_of(int64_t since_1970)
{
    int64_t z = since_1970 + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) /
        365;
    int day_of_year =
        (int)(day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100));
    int from_march = (5 * day_of_year + 2) / 153;
    moment date = {0};

    date.day = day_of_year - (153 * from_march + 2) / 5 + 1;
    date.month = from_march < 10 ? from_march + 3 : from_march - 9;
    date.year = year_of_era + era * 400 + (date.month <= 2);
    return date;
}

static void put_digits(char *out, int count, int64_t number)
{
    while (count-- > 0) {
        out[count] = (char)('0' + number % 10);
        number /= 10;
    }
}

void gv_date_write(char out[GV_DATE_LEN], int64_t seconds)
{
    int64_t day = seconds >= 0 ? seconds / DAY : (seconds - (DAY - 1)) / DAY;
    int64_t time = seconds - day * DAY;
    moment date = date_of(day);

    memcpy(out, "Thu, 01 Jan 1970 00:00:00 GMT", GV_DATE_LEN);
    memcpy(out, days[((day % 7) + 7) % 7], 3);
    put_digits(out + 5, 2, date.day);
    memcpy(out + 8, months[date.month - 1], 3);
    put_digits(out + 12, 4, date.year);
    put_digits(out + 17, 2, time / 3600);
    put_digits(out + 20, 2, time / 60 % 60);
    put_digits(out + 23, 2, time % 60);
}

/* 1 to 12 by the three letters at `name`, or 0. */
static int month_named(const char *name)
{
    for (int month = 0; month < 12; month++)
        if (memcmp(name, months[month], 3) == 0)
            return month + 1;
    return 0;
}

/* Matches `text` against `form` and reads what its letters stand for: D day,
 * N month, Y year, h m s the time; '_' is a digit of the day or a space; '?' any letter.
 * Everything else stands for itself. */
static bool read_form(gv_slice text, const char *form, moment *date)
{
    int number[128] = {0};

    if (text.len != strlen(form))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char is = text.at[i], want = form[i];

        if (want == '_' && is == ' ')
            continue;
        if (want == '_')
            want = 'D';
        if (strchr("DYhms", want) != NULL) {
            if (is < '0' || is > '9')
                return false;
            number[(int)want] = number[(int)want] * 10 + (is - '0');
        } else if (want == 'N') {
            if (form[i + 1] != 'N')
                number['N'] = month_named(text.at + i - 2);
        } else if (want == '?') {
            if ((is | 0x20) < 'a' || (is | 0x20) > 'z')
                return false;
        } else if (is != want) {
            return false;
        }
    }
    *date = (moment){number['Y'], number['N'], number['D'],
                     number['h'], number['m'], number['s']};
    return true;
}

/* A two-digit year that seems to be more than fifty years ahead is past
 * (RFC 9110, section 5.6.7). */
static int64_t full_year(int64_t two_digits)
{
    int64_t now = date_of(gv_clock_wall_ms() / 1000 / DAY).year;
    int64_t year = now - now % 100 + two_digits;

    return year > now + 50 ? year - 100 : year;
}

/* "Sunday, 06-Nov-94 08:49:37 GMT" */
static bool read_rfc850(gv_slice text, moment *date)
{
    const char *comma = text.len > 0 ? memchr(text.at, ',', text.len) : NULL;

    if (comma == NULL || comma - text.at < 6 || comma - text.at > 9 ||
        !read_form(gv_slice_from(text, (size_t)(comma - text.at)),
                   ", DD-NNN-YY hh:mm:ss GMT", date))
        return false;
    date->year = full_year(date->year);
    return true;
}

static bool is_real(const moment *date)
{
    int month_length;

    if (date->month < 1 || date->month > 12 || date->day < 1)
        return false;
    month_length =
        (int)(days_of(date->year + date->month / 12, date->month % 12 + 1, 1) -
              days_of(date->year, date->month, 1));
    return date->day <= month_length && date->hour < 24 && date->minute < 60 &&
           date->second <= 60;
}

int64_t gv_date_parse(gv_slice text)
{
    moment date;

    if (!read_form(text, "???, DD NNN YYYY hh:mm:ss GMT", &date) &&
        !read_rfc850(text, &date) &&
        !read_form(text, "??? NNN _D hh:mm:ss YYYY", &date))
        return -1;
    if (!is_real(&date) || date.year < 1970)
        return -1;
    return days_of(date.year, date.month, date.day) * DAY + date.hour * 3600 +
           date.minute * 60 + date.second;
}
