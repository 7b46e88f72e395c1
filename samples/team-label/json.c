#include "json.h"

#include <stdint.h>
#include <string.h>

typedef struct {
    const char *at;
    const char *end;
    const char *error;
} reader;

static bool fail(reader *in, const char *error) {
    in->error = error;
    return false;
}

static char peek(const reader *in) { return in->at < in->end ? *in->at : '\0'; }

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static void skip_space(reader *in) {
    while (in->at < in->end && is_space(*in->at)) in->at++;
}

static bool take(reader *in, char c) {
    if (in->at == in->end || *in->at != c) return false;
    in->at++;
    return true;
}

static int hex_digit(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

static bool check_string(reader *in) {
    if (!take(in, '"')) return fail(in, "a string was expected");
    while (in->at < in->end) {
        unsigned char c = (unsigned char)*in->at++;
        if (c == '"') return true;
        if (c < 0x20) return fail(in, "a control character inside a string");
        if (c != '\\') continue;
        if (in->at == in->end) break;
        char escape = *in->at++;
        if (escape == 'u') {
            for (int i = 0; i < 4; i++) {
                if (hex_digit(peek(in)) < 0) return fail(in, "a \\u without four hex digits");
                in->at++;
            }
        } else if (escape == '\0' || !strchr("\"\\/bfnrt", escape)) {
            return fail(in, "an unknown escape inside a string");
        }
    }
    return fail(in, "a string without end");
}

static bool check_digits(reader *in) {
    if (!is_digit(peek(in))) return fail(in, "a digit was expected");
    while (is_digit(peek(in))) in->at++;
    return true;
}

static bool check_number(reader *in) {
    take(in, '-');
    if (!take(in, '0') && !check_digits(in)) return false;
    if (take(in, '.') && !check_digits(in)) return false;
    if (take(in, 'e') || take(in, 'E')) {
        if (!take(in, '+')) take(in, '-');
        return check_digits(in);
    }
    return true;
}

static bool check_word(reader *in, const char *word) {
    size_t length = strlen(word);
    if ((size_t)(in->end - in->at) < length || memcmp(in->at, word, length) != 0) {
        return fail(in, "a value was expected");
    }
    in->at += length;
    return true;
}

static bool check_value(reader *in, int depth);

static bool check_container(reader *in, char close, int depth) {
    if (depth == JSON_MAX_DEPTH) return fail(in, "nested too deeply");
    in->at++;
    skip_space(in);
    if (take(in, close)) return true;
    do {
        if (close == '}') {
            skip_space(in);
            if (!check_string(in)) return false;
            skip_space(in);
            if (!take(in, ':')) return fail(in, "a colon was expected");
        }
        if (!check_value(in, depth + 1)) return false;
    } while (take(in, ','));
    return take(in, close) || fail(in, "a comma or a closing bracket was expected");
}

/* Reads a value with the space around it. */
static bool check_value(reader *in, int depth) {
    skip_space(in);
    bool good;
    switch (peek(in)) {
    case '{': good = check_container(in, '}', depth); break;
    case '[': good = check_container(in, ']', depth); break;
    case '"': good = check_string(in); break;
    case 't': good = check_word(in, "true"); break;
    case 'f': good = check_word(in, "false"); break;
    case 'n': good = check_word(in, "null"); break;
    default: good = check_number(in);
    }
    skip_space(in);
    return good;
}

const char *json_check(const char *text, size_t length, json *value) {
    reader in = {text, text + length, NULL};
    if (!check_value(&in, 0)) return in.error;
    if (in.at < in.end) return "there is something after the document";
    while (is_space(*text)) text++;
    *value = (json){text, in.end};
    return NULL;
}

/* The end of the value that starts here; brackets inside strings do not count. */
static const char *skip_value(const char *at) {
    int depth = 0;
    do {
        char c = *at++;
        if (c == '"') {
            for (; *at != '"'; at++) {
                if (*at == '\\') at++;
            }
            at++;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            depth--;
        } else if (depth == 0) {
            return at + strcspn(at, ",]} \t\r\n");
        }
    } while (depth > 0);
    return at;
}

char json_kind(json value) {
    if (value.from == NULL) return '\0';
    return *value.from == '-' || is_digit(*value.from) ? '0' : *value.from;
}

json_walk json_items(json container) {
    char kind = json_kind(container);
    if (kind != '[' && kind != '{') return (json_walk){NULL};
    return (json_walk){container.from + 1};
}

static bool next_value(json_walk *walk, json *value) {
    if (walk->at == NULL) return false;
    const char *at = walk->at + strspn(walk->at, " \t\r\n,:");
    if (*at == ']' || *at == '}') return false;
    *value = (json){at, skip_value(at)};
    walk->at = value->to;
    return true;
}

bool json_next_item(json_walk *array, json *item) { return next_value(array, item); }

bool json_next_member(json_walk *object, json *name, json *value) {
    return next_value(object, name) && next_value(object, value);
}

json json_member(json object, const char *wanted) {
    json found = {NULL, NULL};
    if (json_kind(object) != '{') return found;
    json_walk members = json_items(object);
    json name;
    json value;
    while (json_next_member(&members, &name, &value)) {
        if (json_equals(name, wanted)) found = value;
    }
    return found;
}

static uint32_t read_hex(const char *at) {
    uint32_t code = 0;
    for (int i = 0; i < 4; i++) code = code << 4 | (uint32_t)hex_digit(at[i]);
    return code;
}

/* Reads what follows "\u", a second half included; a half without its partner becomes U+FFFD. */
static uint32_t read_code_point(const char **at) {
    uint32_t code = read_hex(*at);
    *at += 4;
    if (code < 0xD800 || code > 0xDFFF) return code;
    if (code < 0xDC00 && (*at)[0] == '\\' && (*at)[1] == 'u') {
        uint32_t second = read_hex(*at + 2);
        if (second >= 0xDC00 && second <= 0xDFFF) {
            *at += 6;
            return 0x10000 + ((code - 0xD800) << 10) + (second - 0xDC00);
        }
    }
    return 0xFFFD;
}

static size_t encode_utf8(uint32_t code, char out[4]) {
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    out[0] = (char)(lead[length] | code);
    return length;
}

/* Decodes one character of a string and moves on; returns its bytes. */
static size_t next_character(const char **at, char out[4]) {
    char c = *(*at)++;
    if (c != '\\') {
        out[0] = c;
        return 1;
    }
    char escape = *(*at)++;
    if (escape == 'u') return encode_utf8(read_code_point(at), out);
    static const char names[] = "bfnrt";
    static const char meanings[] = "\b\f\n\r\t";
    const char *special = strchr(names, escape);
    out[0] = special ? meanings[special - names] : escape;
    return 1;
}

bool json_equals(json value, const char *text) {
    if (json_kind(value) != '"') return false;
    size_t left = strlen(text);
    const char *at = value.from + 1;
    while (*at != '"') {
        char bytes[4];
        size_t length = next_character(&at, bytes);
        if (length > left || memcmp(bytes, text, length) != 0) return false;
        text += length;
        left -= length;
    }
    return left == 0;
}

bool json_copy(json value, char *buffer, size_t size) {
    if (json_kind(value) != '"') return false;
    const char *at = value.from + 1;
    size_t used = 0;
    while (*at != '"') {
        char bytes[4];
        size_t length = next_character(&at, bytes);
        if (bytes[0] == '\0' || used + length >= size) return false;
        memcpy(buffer + used, bytes, length);
        used += length;
    }
    if (size == 0) return false;
    buffer[used] = '\0';
    return true;
}
