/* A policy is a command-line program: the host names the task in the only argument, writes one JSON
 * document to stdin and reads the answer from stdout. What goes to stderr is shown to the user when
 * the exit code is not 0. This file speaks that protocol; policy.c decides. */
#include "policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_INPUT = 32 * 1024 * 1024, MAX_ANSWER = 8192 };

static int fail(const char *what) {
    fputs(what, stderr);
    return 1;
}

static char *read_input(size_t *length) {
    size_t size = 64 * 1024;
    char *input = malloc(size + 1);
    *length = 0;
    while (input != NULL) {
        size_t count = fread(input + *length, 1, size - *length, stdin);
        if (count == 0) {
            input[*length] = '\0';
            return input;
        }
        *length += count;
        if (*length == size) {
            if (size >= MAX_INPUT) return NULL;
            size *= 2;
            input = realloc(input, size + 1);
        }
    }
    return NULL;
}

/* The problems of policy.c hold quotation marks, and nothing else that JSON would want escaped. */
static void put_settings_answer(const char *problem) {
    if (problem == NULL) {
        fputs("{\"valid\":true}", stdout);
        return;
    }
    fputs("{\"valid\":false,\"message\":\"", stdout);
    for (; *problem; problem++) {
        if (*problem == '"') fputc('\\', stdout);
        fputc(*problem, stdout);
    }
    fputs("\"}", stdout);
}

int main(int argc, char **argv) {
    if (argc != 2) return fail("usage: policy.wasm validate|validate-settings <input.json");
    size_t length;
    char *input = read_input(&length);
    if (input == NULL) return fail("the input is larger than 32 MiB or than memory");
    json document;
    if (json_check(input, length, &document) != NULL) return fail("the input is not JSON");
    if (strcmp(argv[1], "validate-settings") == 0) {
        put_settings_answer(settings_problem(document));
    } else if (strcmp(argv[1], "validate") == 0) {
        static char answer[MAX_ANSWER];
        const char *problem = validate(document, answer, sizeof answer);
        if (problem != NULL) return fail(problem);
        fputs(answer, stdout);
    } else {
        return fail("unknown task, expected validate or validate-settings");
    }
    return fflush(stdout) == 0 ? 0 : fail("cannot write the answer");
}
