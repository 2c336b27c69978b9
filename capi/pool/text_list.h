/* A NULL-terminated list of texts in one block: argv, environ. */
#ifndef COYOTE_POOL_TEXT_LIST_H
#define COYOTE_POOL_TEXT_LIST_H

/* The caller frees it; NULL when memory ran out. */
char **text_list_copy(char *const *texts);

#endif
