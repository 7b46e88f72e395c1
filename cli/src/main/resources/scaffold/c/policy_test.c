#include "policy.h"

#include <stdio.h>
#include <string.h>

static int failures;

static json parsed(const char *text) {
    json document = {0};
    if (json_check(text, strlen(text), &document) != NULL) {
        printf("not JSON: %s\n", text);
        failures++;
    }
    return document;
}

static void expect(bool good, const char *what, const char *got) {
    if (!good) {
        printf("%s: %s\n", what, got);
        failures++;
    }
}

static void test_pods(void) {
    char answer[8192];
    const char *input = "{\"request\":{\"kind\":{\"kind\":\"Pod\"},\"name\":\"w\\\"b\",\"object\":{\"metadata\":"
                        "{\"labels\":{\"owner\":\"a\"}}}},\"settings\":{\"label\":\"%s\"}}";
    char text[1024];
    snprintf(text, sizeof text, input, "owner");
    expect(validate(parsed(text), answer, sizeof answer) == NULL && strstr(answer, "\"accepted\":true"), "labelled", answer);
    snprintf(text, sizeof text, input, "team");
    expect(validate(parsed(text), answer, sizeof answer) == NULL && strstr(answer, "needs the label"), "unlabelled", answer);
    parsed(answer);
}

static void test_settings(void) {
    static const char *const bad[] = {"{}", "{\"label\":\"\"}", "{\"lable\":\"owner\"}", "[]"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        expect(settings_problem(parsed(bad[i])) != NULL, "settings should be refused", bad[i]);
    }
    expect(settings_problem(parsed("{\"label\":\"owner\"}")) == NULL, "settings should be taken", "label");
}

int main(void) {
    test_pods();
    test_settings();
    if (failures == 0) puts("ok");
    return failures != 0;
}
