#include "config/suggest.h"

#include <stdbool.h>
#include <string.h>

/* No key of ours is near this long; a longer word has no suggestion. */
enum { LONGEST = 64 };

struct folded {
    char text[LONGEST];
    size_t size;
};

/* false: too long to be near anything. */
static bool word_fold(const char *word, struct folded *folded)
{
    static const char lower[] = "abcdefghijklmnopqrstuvwxyz";
    folded->size = 0;
    for (; *word != '\0'; word++) {
        if (*word == '_' || *word == '-') {
            continue;
        }
        if (folded->size == LONGEST) {
            return false;
        }
        folded->text[folded->size] = *word;
        if (*word >= 'A' && *word <= 'Z') {
            folded->text[folded->size] = lower[*word - 'A'];
        }
        folded->size++;
    }
    return true;
}

static size_t smaller(size_t left, size_t right)
{
    return left < right ? left : right;
}

/* Insertions, deletions, substitutions and swaps of neighbours, by three rolling rows. */
static size_t distance(const struct folded *left, const struct folded *right)
{
    size_t rows[3][LONGEST + 1];
    size_t *before = rows[0];
    size_t *previous = rows[1];
    size_t *current = rows[2];
    for (size_t j = 0; j <= right->size; j++) {
        before[j] = j;
        previous[j] = j;
    }
    for (size_t i = 1; i <= left->size; i++) {
        current[0] = i;
        for (size_t j = 1; j <= right->size; j++) {
            bool same = left->text[i - 1] == right->text[j - 1];
            size_t best = smaller(previous[j], current[j - 1]) + 1;
            best = smaller(best, previous[j - 1] + (same ? 0 : 1));
            if (i > 1 && j > 1 && left->text[i - 1] == right->text[j - 2] &&
                left->text[i - 2] == right->text[j - 1]) {
                best = smaller(best, before[j - 2] + 1);
            }
            current[j] = best;
        }
        size_t *oldest = before;
        before = previous;
        previous = current;
        current = oldest;
    }
    return previous[right->size];
}

const char *suggest_nearest(const char *word, const char *const *known, size_t count)
{
    struct folded mine;
    struct folded other;
    if (!word_fold(word, &mine)) {
        return NULL;
    }
    const char *nearest = NULL;
    size_t least = 0;
    for (size_t i = 0; i < count; i++) {
        if (!word_fold(known[i], &other)) {
            continue;
        }
        /* a third of the letters may be wrong: beyond it words only look alike by chance */
        size_t longer = mine.size > other.size ? mine.size : other.size;
        size_t off = distance(&mine, &other);
        if (off <= longer / 3 && (nearest == NULL || off < least)) {
            nearest = known[i];
            least = off;
        }
    }
    return nearest;
}
