/* Errors travel as a status and a text that says what, where and how to mend it. */
#ifndef COYOTE_BASE_ERROR_H
#define COYOTE_BASE_ERROR_H

/* One list for the floors; abi/ asserts at compile time that bindings.h numbers them alike. */
#define STATUS_LIST(X)                                                                             \
    X(OK, 0)                                                                                       \
    X(EINVAL, -1)                                                                                  \
    X(EMEMORY, -2)                                                                                 \
    X(EHANDLE, -3)                                                                                 \
    X(EFORKED, -4)                                                                                 \
    X(EINTERRUPTED, -5)                                                                            \
    X(ETIMEOUT, -6)                                                                                \
    X(ESTATE, -7)                                                                                  \
    X(ESYSTEM, -8)                                                                                 \
    X(EPROTOCOL, -9)                                                                               \
    X(EWORKER, -10)                                                                                \
    X(EFULL, -11)                                                                                  \
    X(ETOOBIG, -12)                                                                                \
    X(ECONFIG, -13)                                                                                \
    X(ESOURCE, -14)

enum status {
#define STATUS_ENUM(name, value) STATUS_##name = (value),
    STATUS_LIST(STATUS_ENUM)
#undef STATUS_ENUM
};

/* Start with `struct error error = {0}`; whoever declares one calls error_clear. */
struct error {
    int status;
    char *text; /* owned; NULL when memory ran out, see error_text */
};

/* Each replaces what was there and returns the status, so that `return error_set(...)` reads well.
   A NULL error is allowed everywhere: the caller wants the status alone. */
__attribute__((format(printf, 3, 4))) int error_set(struct error *error, int status,
                                                    const char *format, ...);

/* STATUS_ESYSTEM with ": " and the system's words for errno_value at the end, and error_advice. */
__attribute__((format(printf, 3, 4))) int error_system(struct error *error, int errno_value,
                                                       const char *format, ...);

/* For the end of a message that has the system's words: how to mend it, where that is not plain from
   them, as of too many open files; or "". Static. */
const char *error_advice(int errno_value);

int error_memory(struct error *error);

/* Puts text before what is there: "reading .rr.yaml: " + "permission denied". */
__attribute__((format(printf, 2, 3))) int error_prefix(struct error *error, const char *format,
                                                       ...);

/* Adds another one's text as a line of its own; the status is the first one's. For mistakes that
   are collected before they are told. Returns the status. */
int error_join(struct error *error, const struct error *more);

/* Never NULL. */
const char *error_text(const struct error *error);

/* Moves ownership; `to` is cleared first, `from` is left empty. */
void error_move(struct error *to, struct error *from);

void error_clear(struct error *error);

#endif
