# Read by cpack for each generator. Without these tools CPack's own words name no package, or there is a .deb
# without dependencies.
if(CPACK_GENERATOR STREQUAL "DEB")
    unset(missing)
    foreach(tool_and_package dpkg-shlibdeps:dpkg-dev file:file)
        string(REPLACE ":" ";" tool_and_package ${tool_and_package})
        list(GET tool_and_package 0 tool)
        list(GET tool_and_package 1 package)
        find_program(found_${tool} ${tool})
        if(NOT found_${tool})
            string(APPEND missing " ${package}")
        endif()
    endforeach()
    if(DEFINED missing)
        message(FATAL_ERROR "A .deb's dependencies are found by tools that are not here. To mend it: "
            "apt-get install${missing}")
    endif()
endif()
