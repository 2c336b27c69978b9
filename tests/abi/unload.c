/* unload LIBRARY: a thread that has used the library ends after it was unloaded, and a process while
   one of its threads is inside it. */
#include <bindings.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int started[2];
static pthread_barrier_t turn;

/* ISO C has no cast from dlsym's pointer to one to a function. */
static void *load(const char *path, const char *name, void *function)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    void *symbol = library == NULL ? NULL : dlsym(library, name);
    if (symbol == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    memcpy(function, &symbol, sizeof symbol);
    return library;
}

static void *use(void *fd)
{
    (*(int (**)(coy_pool *))fd)(NULL); /* leaves an error to this thread */
    pthread_barrier_wait(&turn);
    pthread_barrier_wait(&turn);
    return NULL;
}

static int end_after_unload(const char *path)
{
    pthread_t thread;
    int (*fd)(coy_pool *);
    void *library = load(path, "coy_pool_fd", &fd);
    pthread_barrier_init(&turn, NULL, 2);
    int failed = pthread_create(&thread, NULL, use, &fd);
    if (failed != 0) {
        return failed;
    }
    pthread_barrier_wait(&turn);
    dlclose(library);
    pthread_barrier_wait(&turn);
    return pthread_join(thread, NULL);
}

/* The worker is started from inside coy_pool_start, and says so. */
static void *wait_inside(void *path)
{
    coy_pool *(*make)(const char *);
    int (*start)(coy_pool *, int64_t);
    char command[100];
    load(path, "coy_pool_new", &make);
    load(path, "coy_pool_start", &start);
    snprintf(command, sizeof command, "sh -c 'echo > /proc/%d/fd/%d; exec sleep 60'", (int)getpid(),
             started[1]);
    start(make(command), -1);
    return NULL;
}

/* Nothing is freed under the feet of a thread that waits while another ends the process. */
_Noreturn static void end_while_inside(const char *path)
{
    char byte;
    pthread_t thread;
    if (pipe(started) != 0 ||
        pthread_create(&thread, NULL, wait_inside, (void *)(uintptr_t)path) != 0 ||
        read(started[0], &byte, 1) != 1) {
        exit(1);
    }
    exit(0);
}

int main(int argc, char **argv)
{
    int status = 1;
    if (argc != 2 || end_after_unload(argv[1]) != 0) {
        return 1;
    }
    pid_t child = fork();
    if (child == 0) {
        end_while_inside(argv[1]);
    }
    return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
