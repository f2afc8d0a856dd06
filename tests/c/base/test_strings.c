#include "base/strings.h"

#include "harness.h"

TEST(texts_are_kept_in_their_order)
{
    gv_strings list = {0};
    char text[] = "first";

    gv_strings_add(&list, text);
    text[0] = 'x';
    gv_strings_add(&list, "second");
    REQUIRE(list.count == 2);
    CHECK_SLICE(gv_slice_of(list.at[0]), "first");
    CHECK_SLICE(gv_slice_of(list.at[1]), "second");
    gv_strings_dispose(&list);
    CHECK(list.count == 0 && list.at == NULL);
}
