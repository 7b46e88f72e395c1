/* What the policy decides; main.c speaks the protocol. */
#ifndef POLICY_H
#define POLICY_H

#include "json.h"

/* Writes the answer to a request into answer; returns NULL, or what is wrong with the input. */
const char *validate(json payload, char *answer, size_t size);

/* Returns what is wrong with the settings, NULL when nothing is. */
const char *settings_problem(json settings);

#endif
