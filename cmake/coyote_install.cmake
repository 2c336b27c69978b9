# cmake --install: library, header, pkg-config file, CMake package, programs and manual pages. Nothing in
# it knows the build folder, and the whole can be moved.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# Of cpack: coyote-embed is a package of its own, because it pulls in libphp.
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME coyote)

install(TARGETS coyote_library EXPORT coyote
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
set_target_properties(coyote_library PROPERTIES EXPORT_NAME coyote)
install(FILES bindings.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/coyote)
install(DIRECTORY bindings DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/coyote
    FILES_MATCHING PATTERN "*.inc")

install(TARGETS coyote RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
if(TARGET coyote-embed)
    # a libphp outside of the loader's path is found where it was at the build
    set_target_properties(coyote-embed PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
    install(TARGETS coyote-embed RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT embed)
endif()

install(FILES capi/man/coyote.3 DESTINATION ${CMAKE_INSTALL_MANDIR}/man3)
install(FILES capi/man/coyote.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
if(TARGET coyote-embed)
    install(FILES capi/man/coyote-embed.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()

# The way from coyote.pc to the prefix, so that it stays true when all is moved.
file(RELATIVE_PATH COYOTE_UP ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" COYOTE_UP "${COYOTE_UP}")
foreach(folder LIBDIR INCLUDEDIR)
    if(IS_ABSOLUTE ${CMAKE_INSTALL_${folder}})
        set(COYOTE_PC_${folder} ${CMAKE_INSTALL_${folder}})
    else()
        set(COYOTE_PC_${folder} "\${prefix}/${CMAKE_INSTALL_${folder}}")
    endif()
endforeach()
configure_file(cmake/coyote.pc.in ${CMAKE_BINARY_DIR}/coyote.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/coyote.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/coyote)
install(EXPORT coyote NAMESPACE coyote:: FILE coyote-targets.cmake DESTINATION ${package_folder})
configure_package_config_file(cmake/coyote-config.cmake.in ${CMAKE_BINARY_DIR}/coyote-config.cmake
    INSTALL_DESTINATION ${package_folder} NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/coyote-config-version.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/coyote-config.cmake ${CMAKE_BINARY_DIR}/coyote-config-version.cmake
    DESTINATION ${package_folder})
