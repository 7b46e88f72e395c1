/* Refuses pods whose images may change without anybody changing the pod.
 *
 * A Kubewarden policy is a command-line program: the host names the task in the only argument,
 * writes one JSON document to stdin and reads the answer from stdout. What goes to stderr is shown
 * to the user when the exit code is not 0.
 */
#include "json.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    MAX_INPUT = 32 * 1024 * 1024,
    MAX_TEXT = 1024,  /* of an image, a name or a prefix, in bytes */
    MAX_NAMED = 8,    /* containers that a message names */
};

static const char *const CONTAINER_LISTS[][2] = {
    {"initContainers", "init container"},
    {"containers", "container"},
    {"ephemeralContainers", "ephemeral container"},
};

static bool write_all(int fd, const char *text, size_t length) {
    while (length > 0) {
        ssize_t count = write(fd, text, length);
        if (count <= 0) return false;
        text += count;
        length -= (size_t)count;
    }
    return true;
}

static _Noreturn void die(const char *what, const char *detail) {
    (void)(write_all(STDERR_FILENO, what, strlen(what)) && write_all(STDERR_FILENO, detail, strlen(detail)));
    exit(1);
}

/* ---- reading ---- */

static char *read_input(size_t *length) {
    size_t size = 64 * 1024;
    char *input = malloc(size + 1);
    *length = 0;
    while (input != NULL) {
        ssize_t count = read(STDIN_FILENO, input + *length, size - *length);
        if (count < 0) die("cannot read stdin", "");
        if (count == 0) {
            input[*length] = '\0';
            return input;
        }
        *length += (size_t)count;
        if (*length == size) {
            if (size >= MAX_INPUT) die("the input is larger than 32 MiB", "");
            size *= 2;
            input = realloc(input, size + 1);
        }
    }
    die("out of memory", "");
}

/* ---- writing ---- */

static char output[4096];
static size_t output_used;

static void flush(void) {
    if (!write_all(STDOUT_FILENO, output, output_used)) die("cannot write stdout", "");
    output_used = 0;
}

static void put(const char *text) {
    for (; *text; text++) {
        if (output_used == sizeof output) flush();
        output[output_used++] = *text;
    }
}

/* Writes text as part of a JSON string. */
static void put_escaped(const char *text) {
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        char escaped[7] = {(char)c, '\0'};
        if (c == '"' || c == '\\') {
            escaped[0] = '\\';
            escaped[1] = (char)c;
            escaped[2] = '\0';
        } else if (c < 0x20) {
            memcpy(escaped, "\\u00", 4);
            escaped[4] = "01"[c >> 4];
            escaped[5] = "0123456789abcdef"[c & 15];
            escaped[6] = '\0';
        }
        put(escaped);
    }
}

static void put_quoted(const char *text) {
    put("\\\"");
    put_escaped(text);
    put("\\\"");
}

static int finish(void) {
    flush();
    return 0;
}

/* ---- settings ---- */

static int settings_answer(const char *problem) {
    if (problem == NULL) {
        put("{\"valid\":true}\n");
    } else {
        put("{\"valid\":false,\"message\":\"");
        put_escaped(problem);
        put("\"}\n");
    }
    return finish();
}

/* Returns what is wrong with the settings, NULL when nothing is. */
static const char *settings_problem(json settings) {
    if (json_kind(settings) != '{') return "settings must be an object";
    json_walk members = json_items(settings);
    json name;
    json value;
    while (json_next_member(&members, &name, &value)) {
        if (!json_equals(name, "allow")) return "the only setting is \"allow\", a list of image prefixes";
    }
    json allow = json_member(settings, "allow");
    if (json_kind(allow) == '\0') return NULL;
    if (json_kind(allow) != '[') return "settings.allow must be a list of image prefixes";
    json_walk prefixes = json_items(allow);
    json prefix;
    while (json_next_item(&prefixes, &prefix)) {
        char text[MAX_TEXT];
        if (!json_copy(prefix, text, sizeof text) || *text == '\0') {
            return "settings.allow must hold image prefixes of 1 to 1023 bytes, like \"registry.example/tools/\"";
        }
    }
    return NULL;
}

/* A prefix ends where a part of the image name ends: "a.example/team" does not allow
 * "a.example/team-of-strangers/app". */
static bool has_prefix(const char *image, const char *prefix) {
    size_t length = strlen(prefix);
    if (strncmp(image, prefix, length) != 0) return false;
    char next = image[length];
    return prefix[length - 1] == '/' || next == '\0' || next == '/' || next == ':' || next == '@';
}

static bool is_allowed(const char *image, json settings) {
    json_walk prefixes = json_items(json_member(settings, "allow"));
    json prefix;
    while (json_next_item(&prefixes, &prefix)) {
        char text[MAX_TEXT];
        if (json_copy(prefix, text, sizeof text) && has_prefix(image, text)) return true;
    }
    return false;
}

/* ---- judging ---- */

/* Whether a digest is like "sha256:" and at least 32 hex digits. */
static bool is_digest(const char *digest) {
    const char *colon = strchr(digest, ':');
    if (colon == NULL || colon == digest) return false;
    size_t digits = strspn(colon + 1, "0123456789abcdef");
    return digits >= 32 && colon[1 + digits] == '\0';
}

/* Returns why an image may change, NULL when it is pinned. */
static const char *image_problem(const char *image) {
    const char *at_sign = strchr(image, '@');
    if (at_sign != NULL) return is_digest(at_sign + 1) ? NULL : "its digest is malformed";
    const char *slash = strrchr(image, '/');
    const char *colon = strchr(slash == NULL ? image : slash, ':');
    if (colon == NULL) return "no tag means latest";
    if (colon[1] == '\0') return "its tag is empty";
    return strcmp(colon + 1, "latest") == 0 ? "latest is whatever was pushed last" : NULL;
}

static const char *container_problem(json container, json settings, char *image, size_t size) {
    json value = json_member(container, "image");
    strcpy(image, "");
    if (json_kind(value) == '\0' || json_equals(value, "")) return "it names no image";
    if (!json_copy(value, image, size)) {
        strcpy(image, "");
        return "its image is not a text of up to 1023 bytes";
    }
    return is_allowed(image, settings) ? NULL : image_problem(image);
}

/* Counts the containers that are not pinned and writes about the first few. */
static int report(json spec, json settings, bool write) {
    int count = 0;
    for (size_t i = 0; i < sizeof CONTAINER_LISTS / sizeof *CONTAINER_LISTS; i++) {
        json list = json_member(spec, CONTAINER_LISTS[i][0]);
        char kind = json_kind(list);
        if (kind != '[' && kind != 'n' && kind != '\0') die("not a list: spec.", CONTAINER_LISTS[i][0]);
        json_walk containers = json_items(list);
        json container;
        while (json_next_item(&containers, &container)) {
            char image[MAX_TEXT];
            const char *problem = container_problem(container, settings, image, sizeof image);
            if (problem == NULL) continue;
            if (count++ >= MAX_NAMED || !write) continue;
            char name[MAX_TEXT];
            put(count == 1 ? "" : "; ");
            put(CONTAINER_LISTS[i][1]);
            put(" ");
            put_quoted(json_copy(json_member(container, "name"), name, sizeof name) ? name : "?");
            if (*image) {
                put(" runs ");
                put_quoted(image);
            }
            put(", ");
            put(problem);
        }
    }
    return count;
}

static int accept(void) {
    put("{\"accepted\":true}\n");
    return finish();
}

static int refuse(json request, json spec, json settings) {
    char text[MAX_TEXT];
    put("{\"accepted\":false,\"code\":403,\"message\":\"Pod");
    if (json_copy(json_member(request, "name"), text, sizeof text) && *text) {
        put(" ");
        put_quoted(text);
    }
    if (json_copy(json_member(request, "namespace"), text, sizeof text) && *text) {
        put(" in namespace ");
        put_quoted(text);
    }
    put(" needs images pinned by a version tag or a digest: ");
    int count = report(spec, settings, true);
    put(count > MAX_NAMED ? "; and others\"}\n" : "\"}\n");
    return finish();
}

static int validate(json input) {
    json request = json_member(input, "request");
    json settings = json_member(input, "settings");
    if (json_kind(request) != '{') die("the input has no request", "");
    const char *problem = settings_problem(settings);
    if (problem != NULL) die(problem, "");

    json object = json_member(request, "object");
    if (json_kind(object) != '{') return accept(); /* DELETE */
    /* A pod on its way out only loses finalizers; refusing that would keep it for ever. */
    if (json_kind(json_member(json_member(object, "metadata"), "deletionTimestamp")) == '"') return accept();
    if (!json_equals(json_member(json_member(request, "kind"), "kind"), "Pod")) {
        put("{\"accepted\":false,\"code\":400,\"message\":\"this policy knows only Pods: correct spec.rules of the policy\"}\n");
        return finish();
    }
    json spec = json_member(object, "spec");
    return report(spec, settings, false) == 0 ? accept() : refuse(request, spec, settings);
}

int main(int argc, char **argv) {
    if (argc != 2) die("usage: policy.wasm validate|validate-settings <input.json", "");
    bool judge = strcmp(argv[1], "validate") == 0;
    if (!judge && strcmp(argv[1], "validate-settings") != 0) die("unknown task: ", argv[1]);

    size_t length;
    char *input = read_input(&length);
    json document;
    const char *error = json_check(input, length, &document);
    if (error != NULL) die("the input is not JSON: ", error);
    return judge ? validate(document) : settings_answer(settings_problem(document));
}
