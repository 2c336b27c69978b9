#include "base/nearest.h"

#include <string.h>

/* Nobody mistypes a word longer than this and hopes to be understood. */
enum { LONGEST = 64 };

static size_t least(size_t left, size_t right)
{
    return left < right ? left : right;
}

/* How many letters to change, add, drop or swap with their neighbour (optimal string alignment). */
static size_t distance(const char *left, size_t left_size, const char *right, size_t right_size)
{
    size_t rows[3][LONGEST + 1];
    size_t *before = rows[0];
    size_t *above = rows[1];
    size_t *row = rows[2];
    for (size_t j = 0; j <= right_size; j++) {
        above[j] = j;
    }
    for (size_t i = 1; i <= left_size; i++) {
        row[0] = i;
        for (size_t j = 1; j <= right_size; j++) {
            size_t change = above[j - 1] + (left[i - 1] != right[j - 1]);
            row[j] = least(change, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
                row[j] = least(row[j], before[j - 2] + 1);
            }
        }
        size_t *oldest = before;
        before = above;
        above = row;
        row = oldest;
    }
    return above[right_size];
}

struct nearest nearest_to(const char *typed)
{
    size_t length = strlen(typed);
    size_t allowed = length < 3 ? 1 : length / 3;
    return (struct nearest){.typed = typed, .distance = allowed + 1};
}

void nearest_offer(struct nearest *nearest, const char *known)
{
    size_t typed_size = strlen(nearest->typed);
    size_t known_size = strlen(known);
    if (typed_size == 0 || typed_size > LONGEST || known_size > LONGEST) {
        return;
    }
    size_t found = distance(nearest->typed, typed_size, known, known_size);
    if (found < nearest->distance && found < known_size) {
        nearest->known = known;
        nearest->distance = found;
    }
}
