# Where it runs. The same words stand in README.md and in php/src/Build/Platform.php: a test compares them.
set(COYOTE_NEEDS "Coyote's library and server need Linux 5.4 or later, with glibc 2.31 or later or \
musl 1.2; elsewhere Coyote\\Worker and Coyote\\Kernel work, and library and server run in a container.")

if(NOT CMAKE_SYSTEM_NAME STREQUAL "Linux")
    message(FATAL_ERROR "This is ${CMAKE_SYSTEM_NAME}. ${COYOTE_NEEDS}")
endif()
