/* How many descriptors this process may have: setrlimit(2), RLIMIT_NOFILE. */
#ifndef COYOTE_BASE_DESCRIPTOR_LIMIT_H
#define COYOTE_BASE_DESCRIPTOR_LIMIT_H

/* Raises the soft limit to the hard one. For programs of ours alone: a host's limits are its own. */
void descriptor_limit_raise(void);

/* In a child, before exec: what it would have inherited had the limit not been raised. Programs that
   use select(), or close all that could be open, do not expect another. System calls alone. */
void descriptor_limit_give_back(void);

#endif
