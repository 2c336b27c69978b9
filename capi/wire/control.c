#include "control.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>

#include "refusal.h"

size_t control_print_pid(char json[static CONTROL_PID_SIZE], int pid)
{
    return (size_t)snprintf(json, CONTROL_PID_SIZE, "{\"pid\":%d}", pid);
}

static int read_pid(const json_t *value, struct bytes bytes, int *pid, struct error *error)
{
    json_int_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < 1 || number > INT_MAX) {
        return refuse_quoting(error, "a control frame's pid is not a process id", bytes);
    }
    *pid = (int)number;
    return CONTROL_PID;
}

int control_understand(struct bytes bytes, int *pid, struct error *error)
{
    json_error_t reason;
    json_t *control = json_loadb(bytes.data, bytes.size, 0, &reason);
    if (!json_is_object(control)) {
        json_decref(control);
        return refuse_quoting(error, "a control frame must hold a JSON object, but came", bytes);
    }
    int meaning = STATUS_EPROTOCOL;
    const json_t *stated_pid = json_object_get(control, "pid");
    if (stated_pid != NULL) {
        meaning = read_pid(stated_pid, bytes, pid, error);
    } else if (json_is_true(json_object_get(control, "stop"))) {
        meaning = CONTROL_STOP;
    } else {
        refuse_quoting(error, "a control frame must say {\"pid\":N} or {\"stop\":true}, but came",
                       bytes);
    }
    json_decref(control);
    return meaning;
}
