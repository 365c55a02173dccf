# The build's own vocabulary. A module's CMakeLists.txt stays under 15 lines.

add_library(quaywatch_flags INTERFACE)
target_compile_options(quaywatch_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor
  -fstack-protector-strong $<$<BOOL:${QUAYWATCH_WERROR}>:-Werror>)
target_include_directories(quaywatch_flags INTERFACE
  ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)

# Headers from elsewhere that most sources read are compiled once (QUAYWATCH_PCH): reading them was most of a build's
# time. One set for the product, the same unoptimised for its glue (quaywatch_library), and one with GoogleTest for its
# tests; tools/tidy.py sees that each file still names what it uses.
set(common_headers <algorithm> <array> <charconv> <cstdint> <deque> <filesystem> <fstream> <functional> <map> <memory>
  <optional> <random> <set> <span> <sstream> <string> <string_view> <tuple> <unordered_map> <utility> <variant> <vector>
  <fmt/format.h> <boost/intrusive_ptr.hpp> <tl/expected.hpp>)
set(not_ubsan $<$<AND:$<BOOL:${QUAYWATCH_FUZZ}>,$<CXX_COMPILER_ID:Clang>>:-fno-sanitize=undefined>)
if(QUAYWATCH_PCH)
  find_package(fmt REQUIRED)
  find_package(GTest REQUIRED)
  target_link_libraries(quaywatch_flags INTERFACE fmt::fmt)  # what these define must be defined alike everywhere
  target_compile_options(quaywatch_flags INTERFACE -pthread
    # Overruns that gcc 12 imagines in std::string; in headers that are not precompiled it keeps quiet about them.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread>
    # Files that are compiled as one (CMAKE_UNITY_BUILD) are headers to gcc.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/headers.cpp CONTENT "")
  foreach(set product glue tests)
    add_library(headers_${set} OBJECT ${CMAKE_BINARY_DIR}/generated/headers.cpp)
    target_link_libraries(headers_${set} PRIVATE quaywatch_flags)
    target_precompile_headers(headers_${set} PRIVATE ${common_headers})
  endforeach()
  target_link_libraries(headers_tests PRIVATE GTest::gtest)
  target_compile_options(headers_glue PRIVATE -O0)
  target_compile_options(headers_tests PRIVATE -O0 ${not_ubsan})
  target_precompile_headers(headers_tests PRIVATE <gtest/gtest.h>)
endif()

# quaywatch_headers(TARGET product|glue|tests): reads the compiled headers. Tests and glue are not optimised then: it
# would be up to two thirds of their compilation, and what they call is. Nor does UBSan look at tests, but at what they
# call.
function(quaywatch_headers target set)
  if(QUAYWATCH_PCH)
    target_precompile_headers(${target} REUSE_FROM headers_${set})
    target_compile_options(${target} PRIVATE $<$<NOT:$<STREQUAL:${set},product>>:-O0>
      $<$<STREQUAL:${set},tests>:${not_ubsan}>)
  endif()
endfunction()

# quaywatch_library(NAME [GLUE] [DEPS target...]): every .cpp of this folder except *_test.cpp, main*.cpp and fuzz*.cpp;
# the tests beside the sources become the program NAME_test, ctest name unit/NAME. GLUE: it waits for people, files and
# network, and no test of what it does takes long.
function(quaywatch_library name)
  cmake_parse_arguments(ARG "GLUE" "" "DEPS;SOURCES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  file(GLOB tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cpp)
  list(FILTER sources EXCLUDE REGEX "(_test|/main[^/]*|/fuzz[^/]*)\\.cpp$")
  list(APPEND sources ${ARG_SOURCES})
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC quaywatch_flags PRIVATE ${ARG_DEPS})
  if(ARG_GLUE)
    quaywatch_headers(${name} glue)
  else()
    quaywatch_headers(${name} product)
  endif()
  # Static libraries hand their dependencies to the final link; headers stay private to who names them.
  if(tests)
    quaywatch_test(${name}_test SOURCES ${tests} DEPS ${name} ${ARG_DEPS})
  endif()
endfunction()

# quaywatch_test(NAME SOURCES file... DEPS target...): one GoogleTest program, one ctest entry unit/NAME.
function(quaywatch_test name)
  cmake_parse_arguments(ARG "" "" "DEPS;SOURCES" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)  # tests may each have their Row
  target_link_libraries(${name} PRIVATE quaywatch_flags ${ARG_DEPS} GTest::gtest GTest::gtest_main)
  quaywatch_headers(${name} tests)
  target_compile_definitions(${name} PRIVATE
    QUAYWATCH_SOURCE_DIR="${CMAKE_SOURCE_DIR}" QUAYWATCH_SHARED_DIR="${CMAKE_SOURCE_DIR}/../shared")
  string(REGEX REPLACE "_test$" "" label ${name})
  add_test(NAME unit/${label} COMMAND ${name})
  set_tests_properties(unit/${label} PROPERTIES LABELS "fast;sanitized")
endfunction()

# quaywatch_texts(OUT NAME): data/texts/NAME/*.json as tables in OUT, a *.gen.inc.
function(quaywatch_texts out name)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/data/texts/${name}/*.json)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files} ${CMAKE_SOURCE_DIR}/tools/gen_texts.py)
  execute_process(COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/gen_texts.py
    ${CMAKE_BINARY_DIR}/generated/${out} ${CMAKE_SOURCE_DIR}/data/texts/${name} COMMAND_ERROR_IS_FATAL ANY)
endfunction()
