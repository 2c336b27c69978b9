# Finds the PHP that can live inside a process: libphp (the embed SAPI) and its headers.
# Sets COYOTE_PHP_FOUND; when it is ON, the target coyote_php carries includes and library, and
# COYOTE_PHP_VERSION, COYOTE_PHP_INI_PATH, COYOTE_PHP_INI_SCAN_DIR, COYOTE_PHP_BINARY are set.
# COYOTE_PHP_PROBLEM says what is missing otherwise, and how to mend it.

set(COYOTE_EMBED AUTO CACHE STRING "Build coyote-embed: ON, OFF, or AUTO (where libphp is found)")
set_property(CACHE COYOTE_EMBED PROPERTY STRINGS AUTO ON OFF)

function(coyote_php_config option variable)
    execute_process(COMMAND ${COYOTE_PHP_CONFIG} ${option}
        OUTPUT_VARIABLE answer OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
    if(failed)
        set(answer "")
    endif()
    set(${variable} "${answer}" PARENT_SCOPE)
endfunction()

# Asks the library itself: its headers and it may come from different packages.
function(coyote_php_library_check library includes version problem)
    set(probe ${CMAKE_BINARY_DIR}/CMakeFiles/coyote_php_probe.c)
    file(WRITE ${probe} [=[
#include <sapi/embed/php_embed.h>
int main(void)
{
    php_embed_module.php_ini_ignore = 1;
    if (php_embed_init(0, NULL) != SUCCESS) {
        return 1;
    }
    return zend_eval_string((char *)"echo PHP_MAJOR_VERSION, '.', PHP_MINOR_VERSION,"
        "ZEND_THREAD_SAFE ? ' ZTS' : ' NTS', ZEND_DEBUG_BUILD ? ' debug' : '';", NULL,
        (char *)"probe") != SUCCESS;
}
]=])
    try_run(ran compiled ${CMAKE_BINARY_DIR}/CMakeFiles/coyote_php_probe ${probe}
        CMAKE_FLAGS "-DINCLUDE_DIRECTORIES=${includes}" -DCMAKE_C_FLAGS=-w
        LINK_LIBRARIES ${library}
        COMPILE_OUTPUT_VARIABLE compile_output RUN_OUTPUT_VARIABLE output)
    if(NOT compiled OR NOT ran EQUAL 0)
        set(${problem} "${library} does not link or start: ${compile_output}${output}" PARENT_SCOPE)
    elseif(NOT output STREQUAL "${version} NTS")
        set(${problem} "the headers are those of PHP ${version} NTS, but ${library} is PHP \
${output}: install libphp and the headers of one version, not thread-safe, not debug" PARENT_SCOPE)
    endif()
endfunction()

function(coyote_find_php)
    set(COYOTE_PHP_FOUND OFF PARENT_SCOPE)
    find_program(COYOTE_PHP_CONFIG NAMES php-config php-config8.4 php-config8.3 php-config8.2
        php-config8.1)
    if(NOT COYOTE_PHP_CONFIG)
        set(COYOTE_PHP_PROBLEM "php-config was not found: install the headers of PHP \
(Debian: php-dev libphp-embed)" PARENT_SCOPE)
        return()
    endif()
    coyote_php_config(--version full_version)
    coyote_php_config(--prefix prefix)
    coyote_php_config(--include-dir include_dir)
    string(REGEX MATCH "^[0-9]+\\.[0-9]+" version "${full_version}")
    if(full_version VERSION_LESS 8.1)
        set(COYOTE_PHP_PROBLEM "${COYOTE_PHP_CONFIG} says PHP ${full_version}; 8.1 is the oldest \
that coyote-embed supports" PARENT_SCOPE)
        return()
    endif()
    file(STRINGS ${include_dir}/main/php_config.h zts REGEX "^#define ZTS 1")
    file(STRINGS ${include_dir}/main/php_config.h debug REGEX "^#define ZEND_DEBUG 1")
    if(zts OR debug)
        set(COYOTE_PHP_PROBLEM "the headers in ${include_dir} are of a thread-safe (ZTS) or a \
debug build of PHP; coyote-embed needs the plain NTS build" PARENT_SCOPE)
        return()
    endif()

    find_library(COYOTE_PHP_LIBRARY NAMES php php${version} HINTS ${prefix}/lib)
    if(NOT COYOTE_PHP_LIBRARY)
        set(COYOTE_PHP_PROBLEM "libphp was not found: install the embed SAPI of PHP ${version} \
(Debian: libphp${version}-embed)" PARENT_SCOPE)
        return()
    endif()
    coyote_php_config(--includes include_flags)
    string(REGEX REPLACE "-I" "" folders "${include_flags}")
    separate_arguments(folders)
    coyote_php_library_check(${COYOTE_PHP_LIBRARY} "${folders}" ${version} problem)
    if(problem)
        set(COYOTE_PHP_PROBLEM "${problem}" PARENT_SCOPE)
        return()
    endif()

    # What the php of the command line was built with: libphp's own are those of the embed SAPI.
    coyote_php_config(--ini-path ini_path)
    coyote_php_config(--ini-dir ini_scan_dir)
    coyote_php_config(--php-binary binary)
    set(COYOTE_PHP_INI_PATH "${ini_path}" PARENT_SCOPE)
    set(COYOTE_PHP_INI_SCAN_DIR "${ini_scan_dir}" PARENT_SCOPE)
    set(COYOTE_PHP_BINARY "${binary}" PARENT_SCOPE)
    set(COYOTE_PHP_VERSION "${full_version}" PARENT_SCOPE)

    add_library(coyote_php INTERFACE)
    target_include_directories(coyote_php SYSTEM INTERFACE ${folders})
    target_link_libraries(coyote_php INTERFACE ${COYOTE_PHP_LIBRARY} ${CMAKE_DL_LIBS})
    set(COYOTE_PHP_FOUND ON PARENT_SCOPE)
endfunction()
