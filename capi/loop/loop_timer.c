#include "loop_timer.h"

/* `previous` is the parent for a first child and the left neighbour for the others. */
static struct loop_timer *meld(struct loop_timer *left, struct loop_timer *right)
{
    if (left == NULL || right == NULL) {
        return left != NULL ? left : right;
    }
    struct loop_timer *parent = left->deadline <= right->deadline ? left : right;
    struct loop_timer *child = parent == left ? right : left;
    child->previous = parent;
    child->sibling = parent->child;
    if (child->sibling != NULL) {
        child->sibling->previous = child;
    }
    parent->child = child;
    return parent;
}

/* Two passes without recursion: pairs from left to right, then all from right to left. */
static struct loop_timer *meld_children(struct loop_timer *first)
{
    struct loop_timer *pairs = NULL;
    while (first != NULL) {
        struct loop_timer *second = first->sibling;
        struct loop_timer *rest = second == NULL ? NULL : second->sibling;
        first->sibling = NULL;
        first->previous = NULL;
        if (second != NULL) {
            second->sibling = NULL;
            second->previous = NULL;
        }
        struct loop_timer *pair = meld(first, second);
        pair->sibling = pairs;
        pairs = pair;
        first = rest;
    }
    struct loop_timer *root = NULL;
    while (pairs != NULL) {
        struct loop_timer *rest = pairs->sibling;
        pairs->sibling = NULL;
        root = meld(root, pairs);
        pairs = rest;
    }
    return root;
}

struct loop_timer *timer_heap_insert(struct loop_timer *root, struct loop_timer *timer)
{
    timer->child = NULL;
    timer->sibling = NULL;
    timer->previous = NULL;
    return meld(root, timer);
}

struct loop_timer *timer_heap_remove(struct loop_timer *root, struct loop_timer *timer)
{
    struct loop_timer *children = meld_children(timer->child);
    timer->child = NULL;
    if (timer == root) {
        return children;
    }
    if (timer->previous->child == timer) {
        timer->previous->child = timer->sibling;
    } else {
        timer->previous->sibling = timer->sibling;
    }
    if (timer->sibling != NULL) {
        timer->sibling->previous = timer->previous;
    }
    timer->sibling = NULL;
    timer->previous = NULL;
    return meld(root, children);
}
