/* The environment of one worker. */
#ifndef COYOTE_WORKER_LAUNCH_ENVIRONMENT_H
#define COYOTE_WORKER_LAUNCH_ENVIRONMENT_H

/* `environment` with RR_RELAY=address in place of any other RR_RELAY, in one block that the caller
   frees. The other lines are borrowed. NULL when memory ran out. */
char **launch_environment(char *const *environment, const char *address);

#endif
