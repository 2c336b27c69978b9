# coyote_floor(NAME SOURCES file... [HEADERS header...] [USES floor...] [LIBRARIES target...])
#
# A floor of the house: one static library. HEADERS are its public ones; they alone can be included
# from other floors, as "NAME/header.h", and only by the floors that say USES NAME: the include
# folder of a floor holds links to them, and CMake hands it on to nobody else. So an include that
# the house does not allow does not compile. Private headers are included by their bare name.
# A part of a floor that others use without the whole has a name with a slash, relay/attach; its
# target is floor_relay_attach.
function(coyote_floor name)
    cmake_parse_arguments(PARSE_ARGV 1 floor "" "" "SOURCES;HEADERS;USES;LIBRARIES")
    string(REPLACE "/" "_" target floor_${name})
    add_library(${target} STATIC ${floor_SOURCES})

    set(doors ${CMAKE_BINARY_DIR}/include/${target})
    file(REMOVE_RECURSE ${doors})
    foreach(header IN LISTS floor_HEADERS)
        get_filename_component(folder ${doors}/${name}/${header} DIRECTORY)
        file(MAKE_DIRECTORY ${folder})
        file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR}/${header} ${doors}/${name}/${header} SYMBOLIC)
    endforeach()
    file(MAKE_DIRECTORY ${doors})
    target_include_directories(${target} PUBLIC ${doors})

    foreach(used IN LISTS floor_USES)
        string(REPLACE "/" "_" used ${used})
        target_link_libraries(${target} PRIVATE floor_${used})
    endforeach()
    if(NOT name STREQUAL "base")
        target_link_libraries(${target} PRIVATE floor_base)
    endif()
    # a library of its own before glibc 2.34
    target_link_libraries(${target} PRIVATE ${floor_LIBRARIES} Threads::Threads)
endfunction()
