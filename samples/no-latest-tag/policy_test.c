/* Tests of the policy's parts, as a program of the machine that builds it; see ../check.sh. */
#define main policy_main
#include "main.c"
#undef main

#include <stdio.h>

static int failures;

static void expect(bool good, const char *what, const char *about) {
    if (good) return;
    failures++;
    fprintf(stderr, "FAILED: %s: %s\n", what, about);
}

/* Parses a copy that ends where its memory ends, so that a sanitizer sees every step beyond. */
static json parse(const char *text, const char **error) {
    size_t length = strlen(text);
    char *copy = malloc(length + 1);
    memcpy(copy, text, length + 1);
    json value = {NULL, NULL};
    *error = json_check(copy, length, &value);
    return value; /* the copy lives as long as the test program */
}

static json parsed(const char *text) {
    const char *error;
    json value = parse(text, &error);
    expect(error == NULL, "is JSON", text);
    return value;
}

static void test_what_is_json(void) {
    static const char *const good[] = {
        "{}", "[]", " [ ] ", "\"\"", "0", "-0.5e+10", "1E9", "true", "null", "[1,2]", "{\"a\":{\"b\":[]}}",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\\ud800\"", "{\"a\":1,\"a\":2}", "\t{ \"a\" : 1 , \"b\" : [ 1 , 2 ] }\n",
    };
    static const char *const bad[] = {
        "", " ", "{", "[", "]", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{1:1}", "[1 2]", "[}",
        "01", "+1", "-", "1.", ".5", "1e", "0x1", "tru", "nul", "True", "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"",
        "\"\n\"", "{} {}", "[1]]", "'a'", "\"a\" b", "NaN", "//", "\xef\xbb\xbf{}",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) parsed(good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *error;
        parse(bad[i], &error);
        expect(error != NULL, "is not JSON", bad[i]);
    }
    const char with_nul[] = "{\"a\"\0:1}";
    json value;
    expect(json_check(with_nul, sizeof with_nul - 1, &value) != NULL, "is not JSON", "NUL inside");
}

static void test_depth(void) {
    char text[2 * (JSON_MAX_DEPTH + 1) + 1];
    const char *error;
    for (size_t depth = JSON_MAX_DEPTH; depth <= JSON_MAX_DEPTH + 1; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        text[2 * depth] = '\0';
        parse(text, &error);
        expect((error == NULL) == (depth == JSON_MAX_DEPTH), "depth limit", "nested arrays");
    }
}

static void expect_text(json value, const char *wanted) {
    char text[64];
    expect(json_copy(value, text, sizeof text) && strcmp(text, wanted) == 0, "decodes to", wanted);
    expect(json_equals(value, wanted), "equals", wanted);
}

static void test_reading(void) {
    expect_text(parsed("\"a\\u0062\\n\\/\""), "ab\n/");
    expect_text(parsed("\"\\u00e9\\u20ac\\ud83d\\ude00\""), "é€😀");
    expect_text(parsed("\"\\ud83dx\\ude00\\ud800\\u0041\""), "\ufffdx\ufffd\ufffdA");
    char text[4];
    expect(json_copy(parsed("\"abc\""), text, sizeof text), "fits", "abc");
    expect(!json_copy(parsed("\"abcd\""), text, sizeof text), "does not fit", "abcd");
    expect(!json_copy(parsed("\"a\\u0000\""), text, sizeof text), "has a NUL", "a\\u0000");
    expect(!json_copy(parsed("1"), text, sizeof text), "is no string", "1");
    expect(!json_equals(parsed("\"abc\""), "ab") && !json_equals(parsed("\"ab\""), "abc"), "differs", "abc and ab");
    expect(!json_equals(parsed("\"a\\u0000\""), "a"), "differs", "a and a with NUL");

    json object = parsed("{ \"x\" : {\"image\":\"}\\\"]\"} , \"\\u0069mage\" : -1.5 ,\"list\":[1,[2,{}],\"a,b\",null] ,\"image\":true}");
    expect(json_kind(json_member(object, "image")) == 't', "the last one counts", "image");
    expect_text(json_member(json_member(object, "x"), "image"), "}\"]");
    expect(json_kind(json_member(object, "none")) == '\0', "is absent", "none");
    expect(json_kind(json_member(json_member(object, "none"), "image")) == '\0', "is absent", "image of none");
    json_walk list = json_items(json_member(object, "list"));
    json item;
    char kinds[8] = "";
    for (size_t i = 0; i < 7 && json_next_item(&list, &item); i++) kinds[i] = json_kind(item);
    expect(strcmp(kinds, "0[\"n") == 0, "items", kinds);
    json_walk none = json_items(parsed("3"));
    expect(!json_next_item(&none, &item), "has no items", "3");
}

static void test_images(void) {
#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    static const char *const pinned[] = {
        "nginx:1", "a/b:v1.2", "a.example:5000/b:1", "nginx@sha256:" HEX, "nginx:latest@sha256:" HEX, "nginx:latest-1", "nginx:Latest",
    };
    static const char *const moving[] = {
        "nginx", "nginx:latest", "nginx:", "a.example:5000/b", "a.example:5000/b:latest", "a/b", "nginx@", "nginx@sha256:",
        "nginx@sha256:1234", "nginx@" HEX, "nginx:1@sha256:" HEX "z", "nginx:1@latest",
    };
    for (size_t i = 0; i < sizeof pinned / sizeof *pinned; i++) expect(image_problem(pinned[i]) == NULL, "is pinned", pinned[i]);
    for (size_t i = 0; i < sizeof moving / sizeof *moving; i++) expect(image_problem(moving[i]) != NULL, "may change", moving[i]);
}

static void test_settings(void) {
    json settings = parsed("{\"allow\":[\"a.example/team\",\"b.example/\"]}");
    static const char *const allowed[] = {"a.example/team", "a.example/team:latest", "a.example/team/x", "a.example/team@x", "b.example/y"};
    static const char *const others[] = {"a.example/team-two/x", "a.example/tea", "b.example", "b.example.org/y", "c"};
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) expect(is_allowed(allowed[i], settings), "is allowed", allowed[i]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) expect(!is_allowed(others[i], settings), "is not allowed", others[i]);

    static const char *const good[] = {"{}", "{\"allow\":[]}", "{\"allow\":[\"a\"]}"};
    static const char *const bad[] = {"[]", "null", "{\"alow\":[]}", "{\"allow\":{}}", "{\"allow\":null}", "{\"allow\":[1]}", "{\"allow\":[\"\"]}"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) expect(settings_problem(parsed(good[i])) == NULL, "good settings", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) expect(settings_problem(parsed(bad[i])) != NULL, "bad settings", bad[i]);
}

static void test_pods(void) {
    json settings = parsed("{}");
    static const struct {
        const char *spec;
        int problems;
    } cases[] = {
        {"{}", 0},
        {"{\"containers\":null}", 0},
        {"{\"containers\":[{\"image\":\"a:1\"}]}", 0},
        {"{\"containers\":[{\"image\":\"a:1\"},{\"image\":\"a\"}]}", 1},
        {"{\"containers\":[{\"image\":\"a:1\"}],\"initContainers\":[{\"image\":\"a\"}],\"ephemeralContainers\":[{\"image\":\"b\"}]}", 2},
        {"{\"containers\":[{\"name\":\"x\"},{\"image\":7},{\"image\":\"\"},null]}", 4},
        {"{\"containers\":[{\"\\u0069mage\":\"a:latest\"}]}", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect(report(parsed(cases[i].spec), settings, false) == cases[i].problems, "containers that may change", cases[i].spec);
    }
}

int main(void) {
    test_what_is_json();
    test_depth();
    test_reading();
    test_images();
    test_settings();
    test_pods();
    if (failures == 0) puts("ok\tno-latest-tag");
    return failures != 0;
}
