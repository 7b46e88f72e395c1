/* A small reader for JSON text that is in memory.
 *
 * json_check reads the whole text once and says whether it is JSON. Only after that may the other
 * functions be used: they find their way in checked text, copy nothing and allocate nothing.
 */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>

/* Deeper text is refused, so that no input can exhaust the stack. */
#define JSON_MAX_DEPTH 256

/* A value inside checked text; a value with from == NULL is absent. */
typedef struct {
    const char *from;
    const char *to;
} json;

/* Goes through the items of an array or the members of an object. */
typedef struct {
    const char *at;
} json_walk;

/* Returns NULL and sets *value when text is one JSON document, else says what is wrong. The byte
 * after the text, text[length], has to be there and NUL. */
const char *json_check(const char *text, size_t length, json *value);

/* '{', '[', '"', 'n' null, 't' true, 'f' false, '0' for every number, '\0' for an absent value. */
char json_kind(json value);

/* The member of that name, absent when there is none or when the value is no object. When a name
 * comes twice the last one counts, as it does for Kubernetes. */
json json_member(json object, const char *name);

json_walk json_items(json array_or_object);
bool json_next_item(json_walk *array, json *item);
bool json_next_member(json_walk *object, json *name, json *value);

/* Whether a value is a string with exactly this text. */
bool json_equals(json value, const char *text);

/* Copies a string, decoded to UTF-8 and with a final NUL. False when the value is no string, does
 * not fit, or holds a NUL character. */
bool json_copy(json value, char *buffer, size_t size);

#endif
