#include "http/chars.h"

enum { TOKEN = 1, REG_NAME = 2, BOTH = TOKEN | REG_NAME };

static const unsigned char classes[256] = {
    ['!'] = BOTH,         ['#'] = TOKEN,        ['$'] = BOTH,         ['%'] = BOTH,
    ['&'] = BOTH,         ['\''] = BOTH,        ['('] = REG_NAME,     [')'] = REG_NAME,
    ['*'] = BOTH,         ['+'] = BOTH,         [','] = REG_NAME,     ['-'] = BOTH,
    ['.'] = BOTH,         [';'] = REG_NAME,     ['='] = REG_NAME,     ['^'] = TOKEN,
    ['_'] = BOTH,         ['`'] = TOKEN,        ['|'] = TOKEN,        ['~'] = BOTH,
    ['0' ... '9'] = BOTH, ['A' ... 'Z'] = BOTH, ['a' ... 'z'] = BOTH,
};

static size_t span(gv_slice text, unsigned char class)
{
    size_t len = 0;

    while (len < text.len && (classes[(unsigned char)text.at[len]] & class) != 0)
        len++;
    return len;
}

size_t gv_token_span(gv_slice text)
{
    return span(text, TOKEN);
}

size_t gv_reg_name_span(gv_slice text)
{
    return span(text, REG_NAME);
}

int gv_hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    digit |= 0x20;
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}
