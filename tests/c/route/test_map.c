#include "route/map.h"

#include "harness.h"

#include <stdio.h>
#include <stdlib.h>

enum { KEYS = 3000, ROUNDS = 20000 };

static void keep(void *value)
{
    (void)value;
}

static void *get(const gv_map *map, const char *key)
{
    return gv_map_get(map, gv_guarded_slice(key));
}

TEST(an_empty_map_has_nothing)
{
    gv_map map = {0};

    CHECK(get(&map, "") == NULL);
    CHECK(get(&map, "a") == NULL);
    gv_map_dispose(&map, keep);
}

TEST(a_key_is_copied)
{
    gv_map map = {0};
    char key[] = "key";
    int value;

    *gv_map_put(&map, (gv_slice){key, 3}) = &value;
    key[0] = 'x';
    CHECK(get(&map, "key") == &value);
    CHECK(get(&map, "xey") == NULL);
    gv_map_dispose(&map, keep);
}

TEST(a_key_put_twice_is_one_place)
{
    gv_map map = {0};
    int first, second;

    *gv_map_put(&map, GV_SLICE("key")) = &first;
    CHECK(*gv_map_put(&map, GV_SLICE("key")) == &first);
    *gv_map_put(&map, GV_SLICE("key")) = &second;
    CHECK(get(&map, "key") == &second);
    CHECK_INT(map.count, 1);
    gv_map_dispose(&map, keep);
}

TEST(keys_of_every_length_are_read_within_their_bounds)
{
    static const char text[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    gv_map map = {0};

    for (size_t len = 0; len < sizeof(text); len++)
        *gv_map_put(&map, (gv_slice){text, len}) = (void *)(text + len);
    for (size_t len = 0; len < sizeof(text); len++) {
        gv_slice key = {gv_guarded(text, len), len};

        CHECK(gv_map_get(&map, key) == text + len);
    }
    gv_map_dispose(&map, keep);
}

TEST(keys_that_differ_in_one_byte_are_different_keys)
{
    for (size_t len = 1; len < 40; len++) {
        char key[40] = {0};
        gv_map map = {0};

        *gv_map_put(&map, (gv_slice){key, len}) = key;
        for (size_t i = 0; i < len; i++) {
            key[i] = 1;
            CHECK(gv_map_get(&map, (gv_slice){key, len}) == NULL);
            key[i] = 0;
        }
        CHECK(gv_map_get(&map, (gv_slice){key, len}) == key);
        gv_map_dispose(&map, keep);
    }
}

TEST(disposing_frees_each_value_once)
{
    gv_map map = {0};

    for (int i = 0; i < 100; i++) {
        char key[8];
        int len = snprintf(key, sizeof(key), "%d", i);

        *gv_map_put(&map, (gv_slice){key, (size_t)len}) = malloc(1);
    }
    gv_map_dispose(&map, free);
    CHECK(map.entries == NULL);
    CHECK_INT(map.count, 0);
}

/* A fixed sequence of numbers: a failure is the same each time. */
static unsigned next_random(void)
{
    static unsigned long long state = 20261123;

    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33);
}

/* Keys over three letters, so that many are near to one another; some with NUL. */
static gv_slice random_key(char room[16])
{
    size_t len = next_random() % 16;

    for (size_t i = 0; i < len; i++)
        room[i] = "ab\0"[next_random() % 3];
    return (gv_slice){room, len};
}

typedef struct naive {
    char room[16];
    gv_slice key;
    void *value;
} naive;

static naive *naive_find(naive *list, size_t count, gv_slice key)
{
    for (size_t i = 0; i < count; i++)
        if (gv_slice_equal(list[i].key, key))
            return &list[i];
    return NULL;
}

TEST(a_map_agrees_with_a_plain_list)
{
    naive *list = calloc(KEYS, sizeof(*list));
    size_t count = 0;
    gv_map map = {0};

    for (int round = 0; round < ROUNDS; round++) {
        char room[16];
        gv_slice key = random_key(room);
        naive *known = naive_find(list, count, key);

        CHECK(gv_map_get(&map, key) == (known ? known->value : NULL));
        if (count == KEYS || next_random() % 4 > 0)
            continue;
        if (known == NULL) {
            known = &list[count++];
            memcpy(known->room, key.at, key.len);
            known->key = (gv_slice){known->room, key.len};
        }
        known->value = &list[next_random() % KEYS];
        *gv_map_put(&map, key) = known->value;
        CHECK_INT(map.count, count);
    }
    CHECK(count > 1000);
    CHECK(map.count * 2 <= map.cap);
    gv_map_dispose(&map, keep);
    free(list);
}
