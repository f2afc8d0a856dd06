#include "http/listing.h"

#include "harness.h"

/* The page as a NUL-terminated string, valid until the next call. */
static const char *render_listing(gv_listing listing)
{
    static gv_buf page;

    page.len = 0;
    gv_listing_render(&page, &listing);
    *gv_buf_reserve(&page, 1) = '\0';
    return page.at;
}

static const char *render(const char *path, const gv_listing_entry *entries,
                          size_t count)
{
    return render_listing((gv_listing){
        .path = gv_guarded_slice(path), .top = 1, .entries = entries, .count = count});
}

static gv_listing_entry file(const char *name, uint64_t size)
{
    return (gv_listing_entry){
        .name = gv_guarded_slice(name), .size = size, .modified = 1795449600};
}

static gv_listing_entry directory(const char *name)
{
    return (gv_listing_entry){.name = gv_guarded_slice(name), .is_directory = true};
}

static const char *page_of(gv_listing_entry entry)
{
    return render("/", &entry, 1);
}

TEST(a_file_has_a_link_a_size_and_a_time)
{
    const char *page = page_of(file("notes.txt", 1500));

    CHECK(strstr(page, "<a href=\"./notes.txt\">notes.txt</a></td>"));
    CHECK(strstr(page, "<td title=\"1500 bytes\">1.5 KiB</td>"));
    CHECK(strstr(page,
                 "<time datetime=\"2026-11-23T16:00:00Z\">2026-11-23 16:00</time>"));
}

TEST(a_directory_has_a_link_with_a_slash_and_no_size)
{
    const char *page = page_of(directory("css"));

    CHECK(strstr(page, "<a href=\"./css/\">css/</a></td><td></td>"));
}

static const gv_listing_entry *mixed(void)
{
    static gv_listing_entry entries[6];

    entries[0] = file("file10", 5);
    entries[1] = directory("zoo");
    entries[2] = file("file2", 7);
    entries[3] = directory("Lib");
    entries[4] = file("empty", 0);
    entries[5] = file("File3", 5);
    entries[1].modified = 2;
    entries[0].modified = 1;
    return entries;
}

/* That the page has links to `names`, which end with NULL, one behind the other. */
static void check_order(gv_listing_order order, const char *const *names)
{
    const char *at = render_listing((gv_listing){.path = GV_SLICE("/"),
                                                 .top = 1,
                                                 .order = order,
                                                 .entries = mixed(),
                                                 .count = 6});

    for (; *names != NULL; names++) {
        at = strstr(at, *names);
        REQUIRE(at != NULL);
    }
}

TEST(directories_come_first_and_then_names_in_order)
{
    static const char *const up[] = {"./Lib/",  "./zoo/",   "./empty", "./file2",
                                     "./File3", "./file10", NULL};
    static const char *const down[] = {"./zoo/",  "./Lib/",  "./file10", "./File3",
                                       "./file2", "./empty", NULL};

    check_order((gv_listing_order){GV_LISTING_NAME, false}, up);
    check_order((gv_listing_order){GV_LISTING_NAME, true}, down);
}

TEST(sizes_order_files_and_names_what_is_as_large)
{
    static const char *const up[] = {"./Lib/",   "./zoo/",  "./empty", "./File3",
                                     "./file10", "./file2", NULL};
    static const char *const down[] = {"./Lib/",   "./zoo/",  "./file2", "./File3",
                                       "./file10", "./empty", NULL};

    check_order((gv_listing_order){GV_LISTING_SIZE, false}, up);
    check_order((gv_listing_order){GV_LISTING_SIZE, true}, down);
}

TEST(times_order_directories_too)
{
    static const char *const up[] = {"./Lib/",  "./zoo/",  "./file10", "./empty",
                                     "./file2", "./File3", NULL};
    static const char *const down[] = {"./zoo/",  "./Lib/",   "./empty", "./file2",
                                       "./File3", "./file10", NULL};

    check_order((gv_listing_order){GV_LISTING_MODIFIED, false}, up);
    check_order((gv_listing_order){GV_LISTING_MODIFIED, true}, down);
}

TEST(a_column_leads_to_its_order_and_the_sorted_one_to_the_other_way_round)
{
    gv_listing listing = {.path = GV_SLICE("/"), .top = 1};
    const char *page = render_listing(listing);

    CHECK(strstr(page, "<th scope=\"col\" aria-sort=\"ascending\">"
                       "<a href=\"?sort=name&amp;order=desc\">Name</a></th>"));
    CHECK(strstr(page, "<th scope=\"col\">"
                       "<a href=\"?sort=size&amp;order=desc\">Size</a></th>"));
    listing.order = (gv_listing_order){GV_LISTING_SIZE, true};
    page = render_listing(listing);
    CHECK(strstr(page, "<th scope=\"col\">"
                       "<a href=\"?sort=name&amp;order=asc\">Name</a></th>"));
    CHECK(strstr(page, "<th scope=\"col\" aria-sort=\"descending\">"
                       "<a href=\"?sort=size&amp;order=asc\">Size</a></th>"));
}

TEST(the_path_is_in_the_title_and_the_heading)
{
    const char *page = render("/a b/<i>&/", NULL, 0);

    CHECK(strstr(page, "<title>Index of /a b/&lt;i&gt;&amp;/</title>"));
    CHECK(strstr(page, "<h1>Index of <a href=\"../../\">/</a><a href=\"../\">a b</a>"
                       "<i>/</i>&lt;i&gt;&amp;<i>/</i></h1>"));
}

TEST(every_directory_but_the_top_leads_to_its_parent)
{
    gv_listing listing = {.path = GV_SLICE("/files/"), .top = 7};
    const char *page = render_listing(listing);

    CHECK(strstr(page, "href=\"../") == NULL);
    CHECK(strstr(page, "<h1>Index of /files<i>/</i></h1>"));
    listing.path = GV_SLICE("/files/css/");
    page = render_listing(listing);
    CHECK(strstr(page, "<a href=\"../\">Parent directory</a>"));
    CHECK(strstr(page,
                 "<h1>Index of <a href=\"../\">/files</a><i>/</i>css<i>/</i></h1>"));
}

TEST(an_empty_directory_says_so)
{
    gv_listing_entry entry = file("a", 1);

    CHECK(strstr(render("/", NULL, 0), "This directory is empty."));
    CHECK(strstr(render("/", &entry, 1), "This directory is empty.") == NULL);
}

TEST(a_name_is_never_more_than_text)
{
    const char *page = page_of(file("\"><script>alert('x')</script>&", 1));

    CHECK(strstr(page, "<script") == NULL);
    CHECK(strstr(page,
                 "href=\"./%22%3E%3Cscript%3Ealert%28%27x%27%29%3C%2Fscript%3E%26\""));
    CHECK(strstr(page,
                 "&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;<"));
}

TEST(a_name_leads_only_to_its_own_place)
{
    CHECK(strstr(page_of(file("javascript:alert(1)", 1)),
                 "href=\"./javascript%3Aalert%281%29\""));
    CHECK(strstr(page_of(file("a?b#c%20\\", 1)), "href=\"./a%3Fb%23c%2520%5C\""));
    CHECK(strstr(page_of(file("\xc3\xa9t\xc3\xa9", 1)),
                 "href=\"./%C3%A9t%C3%A9\">\xc3\xa9t\xc3\xa9</a>"));
}

TEST(a_name_that_no_url_leads_to_is_left_out)
{
    const char *page = page_of(file("caf\xe9.txt", 1));

    CHECK(strstr(page, "caf") == NULL);
    CHECK(strstr(page, "This directory is empty."));
}

TEST(sizes_are_readable)
{
    static const struct {
        uint64_t size;
        const char *shown;
    } cases[] = {
        {0, ">0 B<"},
        {999, ">999 B<"},
        {1000, ">1.0 KiB<"},
        {1024, ">1.0 KiB<"},
        {10188, ">9.9 KiB<"},
        {10189, ">10 KiB<"},
        {1023487, ">999 KiB<"},
        {1023488, ">1.0 MiB<"},
        {UINT64_C(5) << 30, ">5.0 GiB<"},
        {UINT64_C(700) << 40, ">700 TiB<"},
        {UINT64_MAX, ">16 EiB<"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        CHECK(strstr(page_of(file("f", cases[i].size)), cases[i].shown));
}

TEST(a_time_beyond_all_calendars_is_left_out)
{
    gv_listing_entry entry = file("f", 1);

    entry.modified = INT64_MAX;
    CHECK(strstr(page_of(entry), "<time") == NULL);
    entry.modified = -1;
    CHECK(strstr(page_of(entry), "1969-12-31 23:59"));
}

TEST(nothing_is_loaded_from_elsewhere)
{
    const char *page = page_of(file("f", 1));

    CHECK(strstr(page, "//") == NULL);
    CHECK(strstr(page, "url(") == NULL);
    CHECK(strstr(page, "name=\"viewport\""));
    CHECK(strstr(page, "prefers-color-scheme: dark"));
}
