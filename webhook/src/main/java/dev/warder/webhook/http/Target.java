package dev.warder.webhook.http;

/**
 * What a request's path asks for.
 *
 * @param id as the client wrote it, percent-decoded: any text
 */
record Target(ReviewRoute route, String id) {}
