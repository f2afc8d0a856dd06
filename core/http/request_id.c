#include "http/request_id.h"

static const bool allowed[256] = {
    ['0' ... '9'] = true, ['A' ... 'Z'] = true, ['a' ... 'z'] = true, ['-'] = true,
    ['.'] = true,         ['_'] = true,         ['~'] = true,         ['+'] = true,
    ['/'] = true,         ['='] = true,
};

/* "000102...feff": what each byte is in hexadecimal. */
#define ROW(digit)                                                                     \
    digit "0" digit "1" digit "2" digit "3" digit "4" digit "5" digit "6" digit        \
          "7" digit "8" digit "9" digit "a" digit "b" digit "c" digit "d" digit        \
          "e" digit "f"
static const char pairs[] =
    ROW("0") ROW("1") ROW("2") ROW("3") ROW("4") ROW("5") ROW("6") ROW("7") ROW("8")
        ROW("9") ROW("a") ROW("b") ROW("c") ROW("d") ROW("e") ROW("f");

bool gv_request_id_valid(gv_slice id)
{
    if (id.len == 0 || id.len > GV_REQUEST_ID_MAX)
        return false;
    for (size_t i = 0; i < id.len; i++) {
        if (!allowed[(unsigned char)id.at[i]])
            return false;
    }
    return true;
}

/* Each answer has one. */
void gv_request_id_write(char *text, uint64_t id)
{
    for (unsigned i = 0; i < GV_REQUEST_ID_TEXT / 2; i++)
        memcpy(text + 2 * i, pairs + 2 * (id >> (56 - 8 * i) & 255), 2);
}
