/* Refuses objects whose team label is not that of their namespace.
 *
 * A Kubewarden policy is a command-line program: the host names the task in the only argument,
 * writes one JSON document to stdin and reads the answer from stdout. What goes to stderr is shown
 * to the user when the exit code is not 0.
 *
 * What it wants to know of the cluster it asks with one imported function, host.call. The reply
 * comes behind what was on stdin before, so stdin is read to its end before each call and after it.
 */
#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    MAX_INPUT = 32 * 1024 * 1024,
    MAX_TEXT = 512,
    MAX_ESCAPED = 2 * MAX_TEXT,
    MAX_ANSWER = 8192,
};

static const char *const EXAMPLE = "settings must look like {\"label\": \"team\"}";

#ifdef __wasm__
__attribute__((import_module("host"), import_name("call"))) int host_call(
    const char *binding, size_t binding_length, const char *namespace, size_t namespace_length,
    const char *operation, size_t operation_length, const char *payload, size_t payload_length);
#else
int host_call(
    const char *binding, size_t binding_length, const char *namespace, size_t namespace_length,
    const char *operation, size_t operation_length, const char *payload, size_t payload_length);
#endif

static _Noreturn void die(const char *what) {
    fputs(what, stderr);
    exit(1);
}

/* Reads stdin to its end; after a host call there is more. */
static char *read_input(size_t *length) {
    size_t size = 64 * 1024;
    char *input = malloc(size + 1);
    *length = 0;
    while (input != NULL) {
        ssize_t count = read(STDIN_FILENO, input + *length, size - *length);
        if (count < 0) die("cannot read stdin");
        if (count == 0) {
            input[*length] = '\0';
            return input;
        }
        *length += (size_t)count;
        if (*length == size) {
            if (size >= MAX_INPUT) die("the input is larger than 32 MiB");
            size *= 2;
            input = realloc(input, size + 1);
        }
    }
    die("out of memory");
}

/* ---- writing ---- */

/* Makes text fit for a JSON string: what would need more than a backslash becomes a question mark. */
static void escape(const char *text, char *buffer) {
    size_t used = 0;
    for (; *text && used + 2 < MAX_ESCAPED; text++) {
        if (*text == '"' || *text == '\\') buffer[used++] = '\\';
        buffer[used++] = (unsigned char)*text < 0x20 ? '?' : *text;
    }
    buffer[used] = '\0';
}

static void escaped(json value, char *buffer) {
    char text[MAX_TEXT];
    escape(json_copy(value, text, sizeof text) ? text : "?", buffer);
}

/* ---- settings ---- */

/* Returns what is wrong with the settings, NULL when nothing is. */
static const char *settings_problem(json settings) {
    if (json_kind(settings) != '{') return EXAMPLE;
    json_walk members = json_items(settings);
    json name;
    json value;
    while (json_next_member(&members, &name, &value)) {
        if (!json_equals(name, "label")) return "the only setting is \"label\"";
    }
    json label = json_member(settings, "label");
    char text[MAX_TEXT];
    if (json_kind(label) != '\0' && (!json_copy(label, text, sizeof text) || *text == '\0')) return EXAMPLE;
    return NULL;
}

/* ---- judging ---- */

static void refuse(char *answer, json request, int code, const char *problem) {
    char kind[MAX_ESCAPED], name[MAX_ESCAPED], namespace[MAX_ESCAPED], why[MAX_ESCAPED];
    escaped(json_member(json_member(request, "kind"), "kind"), kind);
    escaped(json_member(request, "name"), name);
    escaped(json_member(request, "namespace"), namespace);
    escape(problem, why);
    snprintf(answer, MAX_ANSWER,
        "{\"accepted\":false,\"code\":%d,\"message\":\"%s \\\"%s\\\" in namespace \\\"%s\\\": %s\"}",
        code, kind, name, namespace, why);
}

/* Gets a Namespace; NULL when the host gives none, with the reason in problem. */
static const char *get_namespace(const char *escaped_name, char *problem, json *namespace) {
    static const char binding[] = "kubewarden", group[] = "kubernetes", operation[] = "get_resource";
    char payload[MAX_ESCAPED + 128];
    int length = snprintf(payload, sizeof payload,
        "{\"api_version\":\"v1\",\"kind\":\"Namespace\",\"name\":\"%s\",\"disable_cache\":false}", escaped_name);
    int failed = host_call(binding, sizeof binding - 1, group, sizeof group - 1, operation,
        sizeof operation - 1, payload, (size_t)length);
    size_t size;
    char *reply = read_input(&size);
    const char *error = failed ? reply : json_check(reply, size, namespace);
    if (error == NULL) return reply;
    snprintf(problem, MAX_TEXT, "its Namespace cannot be read, so it is not admitted: %s", error);
    return NULL;
}

static void accept(char *answer) {
    strcpy(answer, "{\"accepted\":true}");
}

/* Writes the answer to a request; returns NULL, or what is wrong with the input. */
static const char *validate(json payload, char *answer) {
    json request = json_member(payload, "request");
    json settings = json_member(payload, "settings");
    if (json_kind(request) != '{') return "the input has no request";
    const char *wrong = settings_problem(settings);
    if (wrong != NULL) return wrong;

    char label[MAX_TEXT] = "team";
    json_copy(json_member(settings, "label"), label, sizeof label);
    json object = json_member(request, "object");
    json metadata = json_member(object, "metadata");
    char name[MAX_TEXT];
    /* DELETE has no object, and what belongs to the whole cluster no namespace. What is on its way
     * out only loses finalizers; refusing that would keep it for ever. */
    if (json_kind(object) != '{' || !json_copy(json_member(request, "namespace"), name, sizeof name) ||
        *name == '\0' || json_kind(json_member(metadata, "deletionTimestamp")) == '"') {
        accept(answer);
        return NULL;
    }
    char problem[MAX_TEXT];
    char escaped_name[MAX_ESCAPED];
    escape(name, escaped_name);
    json namespace;
    if (get_namespace(escaped_name, problem, &namespace) == NULL) {
        refuse(answer, request, 500, problem);
        return NULL;
    }
    char wanted[MAX_TEXT] = "";
    char found[MAX_TEXT] = "";
    json_copy(json_member(json_member(json_member(namespace, "metadata"), "labels"), label), wanted, sizeof wanted);
    json_copy(json_member(json_member(metadata, "labels"), label), found, sizeof found);
    if (*wanted == '\0' || strcmp(wanted, found) == 0) {
        accept(answer);
        return NULL;
    }
    if (*found == '\0') {
        snprintf(problem, sizeof problem, "it needs the label %.60s=%.63s of its Namespace and has none", label, wanted);
    } else {
        snprintf(problem, sizeof problem, "its label %.60s is %.63s, that of its Namespace is %.63s", label, found, wanted);
    }
    refuse(answer, request, 403, problem);
    return NULL;
}

/* The problems hold quotation marks, and nothing else that JSON would want escaped. */
static void settings_answer(const char *problem, char *answer) {
    char text[MAX_ESCAPED];
    escape(problem == NULL ? "" : problem, text);
    snprintf(answer, MAX_ANSWER, problem == NULL ? "{\"valid\":true}%s" : "{\"valid\":false,\"message\":\"%s\"}", text);
}

int main(int argc, char **argv) {
    static char answer[MAX_ANSWER];
    if (argc != 2) die("usage: policy.wasm validate|validate-settings <input.json");
    size_t length;
    char *input = read_input(&length);
    json document;
    if (json_check(input, length, &document) != NULL) die("the input is not JSON");
    if (strcmp(argv[1], "validate-settings") == 0) {
        settings_answer(settings_problem(document), answer);
    } else if (strcmp(argv[1], "validate") == 0) {
        const char *problem = validate(document, answer);
        if (problem != NULL) die(problem);
    } else {
        die("unknown task, expected validate or validate-settings");
    }
    puts(answer);
    return fflush(stdout) == 0 ? 0 : 1;
}
