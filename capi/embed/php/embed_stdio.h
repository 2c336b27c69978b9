/* STDIN, STDOUT and STDERR of a script. */
#ifndef COYOTE_EMBED_STDIO_H
#define COYOTE_EMBED_STDIO_H

/* Defines the three constants, at the start of each request. They are the server's own descriptors,
   duplicated: a script that closes them closes nothing of the server. */
void embed_stdio_define(void);

#endif
