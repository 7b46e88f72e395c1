/* Tests of the policy with a host of its own: host_call here puts its reply onto stdin, as hosts do. */
#define main policy_main
#include "main.c"
#undef main

static int failures;
static const char *reply; /* of the host */
static int host_code;
static char asked[1024]; /* the payload that the host got */

int host_call(
    const char *binding, size_t binding_length, const char *namespace, size_t namespace_length,
    const char *operation, size_t operation_length, const char *payload, size_t payload_length) {
    (void)binding, (void)binding_length, (void)namespace, (void)namespace_length;
    (void)operation, (void)operation_length;
    snprintf(asked, sizeof asked, "%.*s", (int)payload_length, payload);
    int ends[2];
    if (pipe(ends) != 0 || write(ends[1], reply, strlen(reply)) < 0) abort();
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    return host_code;
}

static void expect(bool good, const char *what, const char *got) {
    if (!good) {
        printf("%s: %s\n", what, got);
        failures++;
    }
}

static json parsed(const char *text) {
    json document = {0};
    expect(json_check(text, strlen(text), &document) == NULL, "is JSON", text);
    return document;
}

/* The answer for a Pod with these labels. */
static const char *judged(const char *labels) {
    static char answer[MAX_ANSWER];
    static char input[1024];
    snprintf(input, sizeof input,
        "{\"request\":{\"kind\":{\"kind\":\"Pod\"},\"name\":\"web\",\"namespace\":\"sh\\\"op\","
        "\"object\":{\"metadata\":{\"labels\":%s}}},\"settings\":{}}", labels);
    const char *problem = validate(parsed(input), answer);
    expect(problem == NULL, "has an answer", problem == NULL ? "" : problem);
    parsed(answer);
    return answer;
}

static void test_teams(void) {
    host_code = 0;
    reply = "{\"metadata\":{\"labels\":{\"team\":\"a\"}}}";
    expect(strcmp(judged("{\"team\":\"a\"}"), "{\"accepted\":true}") == 0, "same team", judged("{\"team\":\"a\"}"));
    expect(strstr(asked, "\"name\":\"sh\\\"op\",\"disable_cache\":false") != NULL, "asks", asked);
    expect(strstr(judged("{\"team\":\"b\"}"), "its label team is b, that of its Namespace is a") != NULL, "other team", judged("{\"team\":\"b\"}"));
    expect(strstr(judged("null"), "it needs the label team=a") != NULL, "no team", judged("null"));
    reply = "{\"metadata\":{}}";
    expect(strcmp(judged("null"), "{\"accepted\":true}") == 0, "namespace of nobody", judged("null"));
}

static void test_a_host_that_fails(void) {
    host_code = 1;
    reply = "not \"granted\"";
    expect(strstr(judged("{}"), "\"code\":500") != NULL && strstr(judged("{}"), "not \\\"granted\\\"") != NULL, "refuses", judged("{}"));
    host_code = 0;
    reply = "no JSON";
    expect(strstr(judged("{}"), "\"accepted\":false") != NULL, "refuses what it cannot read", judged("{}"));
    reply = "";
    expect(strstr(judged("{}"), "\"accepted\":false") != NULL, "refuses nothing", judged("{}"));
}

static void test_settings(void) {
    static const char *const good[] = {"{}", "{\"label\":\"squad\"}"};
    static const char *const bad[] = {"[]", "{\"label\":\"\"}", "{\"label\":3}", "{\"lable\":\"team\"}"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) expect(settings_problem(parsed(good[i])) == NULL, "good", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char answer[MAX_ANSWER];
        expect(settings_problem(parsed(bad[i])) != NULL, "bad", bad[i]);
        settings_answer(settings_problem(parsed(bad[i])), answer);
        parsed(answer);
    }
}

int main(void) {
    test_teams();
    test_a_host_that_fails();
    test_settings();
    if (failures == 0) puts("ok\tteam-label");
    return failures != 0;
}
