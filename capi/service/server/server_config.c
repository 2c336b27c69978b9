#include "server_config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const default_files[] = {".rr.yaml", ".rr.json"};

static int change_directory(const char *path, struct error *error)
{
    return chdir(path) == 0 ? STATUS_OK
                            : error_system(error, errno, "going to the working directory %s", path);
}

static int go_to_folder_of(const char *file, struct error *error)
{
    const char *slash = strrchr(file, '/');
    if (slash == NULL) {
        return STATUS_OK;
    }
    char *folder = strndup(file, slash == file ? 1 : (size_t)(slash - file));
    int status = folder == NULL ? error_memory(error) : change_directory(folder, error);
    free(folder);
    return status;
}

static int find_default(const char **file, struct error *error)
{
    for (size_t i = 0; i < sizeof default_files / sizeof *default_files; i++) {
        if (access(default_files[i], F_OK) == 0) {
            *file = default_files[i];
            return STATUS_OK;
        }
    }
    char *here = getcwd(NULL, 0);
    int status = error_set(error, STATUS_ECONFIG,
                           "there is no %s or %s in %s: name a config with -c FILE, go to its "
                           "folder, or make a %s such as this\n"
                           "\n"
                           "  ticker:\n"
                           "    interval: 1\n"
                           "    workers:\n"
                           "      command: \"php app.php\"\n",
                           default_files[0], default_files[1],
                           here == NULL ? "the working directory" : here, default_files[0]);
    free(here);
    return status;
}

static int read_named(struct config *config, const struct server_options *options,
                      struct error *error)
{
    const char *file = options->config;
    if (access(file, F_OK) != 0 && errno == ENOENT) {
        char *here = file[0] == '/' ? NULL : getcwd(NULL, 0);
        int status = error_set(error, STATUS_ECONFIG,
                               "there is no file %s%s%s: look at what stands after -c", file,
                               here == NULL ? "" : " in ", here == NULL ? "" : here);
        free(here);
        return status;
    }
    int status = config_read_file(config, file, error);
    if (status != STATUS_OK) {
        return status;
    }
    return options->work_dir != NULL ? change_directory(options->work_dir, error)
                                     : go_to_folder_of(file, error);
}

static int read_default(struct config *config, const struct server_options *options,
                        const char **file, struct error *error)
{
    int status = options->work_dir == NULL ? STATUS_OK : change_directory(options->work_dir, error);
    status = status != STATUS_OK ? status : find_default(file, error);
    return status != STATUS_OK ? status : config_read_file(config, *file, error);
}

int server_config_read(struct config *config, const struct server_options *options,
                       const char **file, struct error *error)
{
    *file = options->config;
    int status = *file != NULL ? read_named(config, options, error)
                               : read_default(config, options, file, error);
    for (size_t i = 0; i < options->num_overrides && server_config_checkable(config, status); i++) {
        struct error one = {0};
        if (config_override(config, options->overrides[i], &one) != STATUS_OK) {
            status = error_join(error, &one);
        }
        error_clear(&one);
    }
    return status;
}

bool server_config_checkable(const struct config *config, int status)
{
    return status == STATUS_OK ||
           (status == STATUS_ECONFIG && json_object_size(config_find(config, "")) > 0);
}
