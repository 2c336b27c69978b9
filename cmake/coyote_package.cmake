# cpack -G DEB: coyote (library, header, program), and coyote-embed where it was built.
set(CPACK_PACKAGE_NAME coyote)
set(CPACK_PACKAGE_VENDOR coyote)
set(CPACK_PACKAGE_CONTACT "The Coyote developers <coyote@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_LIST_DIR}/coyote_cpack.cmake)
set(CPACK_RESOURCE_FILE_LICENSE ${CMAKE_SOURCE_DIR}/LICENSE)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_COMPONENTS_ALL coyote)
if(TARGET coyote-embed)
    list(APPEND CPACK_COMPONENTS_ALL embed)
endif()
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION php)

set(CPACK_DEBIAN_COYOTE_PACKAGE_NAME coyote)
set(CPACK_DEBIAN_COYOTE_PACKAGE_RECOMMENDS php-cli)
set(CPACK_COMPONENT_COYOTE_DESCRIPTION "A server that owns PHP worker processes, and the same as a library
for C programs and for PHP's FFI, with its header.")
file(WRITE ${CMAKE_BINARY_DIR}/deb/triggers "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_COYOTE_PACKAGE_CONTROL_EXTRA ${CMAKE_BINARY_DIR}/deb/triggers)

set(CPACK_DEBIAN_EMBED_PACKAGE_NAME coyote-embed)
set(CPACK_COMPONENT_EMBED_DESCRIPTION "The server with PHP inside: the application runs in its own process.")
# libphp is in no shlibs file: the package that owns the very library, whose version is in its name
if(TARGET coyote-embed)
    get_filename_component(library ${COYOTE_PHP_LIBRARY} REALPATH)
    execute_process(COMMAND dpkg-query --search ${library}
        OUTPUT_VARIABLE owner ERROR_QUIET RESULT_VARIABLE failed)
    if(NOT failed)
        string(REGEX REPLACE ":.*" "" CPACK_DEBIAN_EMBED_PACKAGE_DEPENDS "${owner}")
    endif()
endif()

# where Debian looks for it
configure_file(LICENSE ${CMAKE_BINARY_DIR}/deb/copyright COPYONLY)
foreach(component IN LISTS CPACK_COMPONENTS_ALL)
    string(TOUPPER ${component} upper)
    install(FILES ${CMAKE_BINARY_DIR}/deb/copyright COMPONENT ${component}
        DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/${CPACK_DEBIAN_${upper}_PACKAGE_NAME})
endforeach()

include(CPack)
