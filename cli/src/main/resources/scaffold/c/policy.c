#include "policy.h"

#include <stdio.h>
#include <string.h>

enum { MAX_TEXT = 512 };

const char *settings_problem(json settings) {
    if (json_kind(settings) != '{') return "settings must look like {\"label\": \"owner\"}";
    json_walk members = json_items(settings);
    json name;
    json value;
    while (json_next_member(&members, &name, &value)) {
        /* A misspelt setting should not be ignored. */
        if (!json_equals(name, "label")) return "the only setting is \"label\"";
    }
    char label[MAX_TEXT];
    if (!json_copy(json_member(settings, "label"), label, sizeof label) || *label == '\0') {
        return "settings.label is empty: name a label, as in {\"label\": \"owner\"}";
    }
    return NULL;
}

/* Makes text fit for a JSON string: what would need more than a backslash becomes a question mark. */
static const char *escaped(json value, char *buffer, size_t size) {
    char text[MAX_TEXT];
    size_t used = 0;
    if (!json_copy(value, text, sizeof text)) return "?";
    for (const char *c = text; *c && used + 3 < size; c++) {
        if (*c == '"' || *c == '\\') buffer[used++] = '\\';
        buffer[used++] = (unsigned char)*c < 0x20 ? '?' : *c;
    }
    buffer[used] = '\0';
    return buffer;
}

const char *validate(json payload, char *answer, size_t size) {
    json request = json_member(payload, "request");
    json settings = json_member(payload, "settings");
    if (json_kind(request) != '{') return "the input has no request";
    const char *problem = settings_problem(settings);
    if (problem != NULL) return problem;

    char label[MAX_TEXT];
    char value[MAX_TEXT];
    json_copy(json_member(settings, "label"), label, sizeof label);
    json object = json_member(request, "object");
    json labels = json_member(json_member(object, "metadata"), "labels");
    bool labelled = json_copy(json_member(labels, label), value, sizeof value) && *value != '\0';
    /* DELETE has no object. */
    if (json_kind(object) != '{' || labelled) {
        snprintf(answer, size, "{\"accepted\":true}");
        return NULL;
    }
    char kind[2 * MAX_TEXT], name[2 * MAX_TEXT], namespace[2 * MAX_TEXT], needed[2 * MAX_TEXT];
    snprintf(answer, size,
        "{\"accepted\":false,\"code\":403,\"message\":"
        "\"%s \\\"%s\\\" in namespace \\\"%s\\\" needs the label \\\"%s\\\"\"}",
        escaped(json_member(json_member(request, "kind"), "kind"), kind, sizeof kind),
        escaped(json_member(request, "name"), name, sizeof name),
        escaped(json_member(request, "namespace"), namespace, sizeof namespace),
        escaped(json_member(settings, "label"), needed, sizeof needed));
    return NULL;
}
