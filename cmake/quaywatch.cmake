# The build's own vocabulary. A module's CMakeLists.txt stays under 15 lines.

add_library(quaywatch_flags INTERFACE)
target_compile_options(quaywatch_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor
  -fstack-protector-strong $<$<BOOL:${QUAYWATCH_WERROR}>:-Werror>)
target_include_directories(quaywatch_flags INTERFACE
  ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)

# quaywatch_library(NAME [DEPS target...]): every .cpp of this folder except *_test.cpp and fuzz*.cpp; the tests
# beside the sources become the program NAME_test, ctest name unit/NAME.
function(quaywatch_library name)
  cmake_parse_arguments(ARG "" "" "DEPS;SOURCES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  file(GLOB tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cpp)
  list(FILTER sources EXCLUDE REGEX "(_test|/main|/fuzz[^/]*)\\.cpp$")
  list(APPEND sources ${ARG_SOURCES})
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC quaywatch_flags PRIVATE ${ARG_DEPS})
  # Static libraries hand their dependencies to the final link; headers stay private to who names them.
  if(tests)
    quaywatch_test(${name}_test SOURCES ${tests} DEPS ${name} ${ARG_DEPS})
  endif()
endfunction()

# quaywatch_test(NAME SOURCES file... DEPS target...): one GoogleTest program, one ctest entry unit/NAME.
function(quaywatch_test name)
  cmake_parse_arguments(ARG "" "" "DEPS;SOURCES" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE quaywatch_flags ${ARG_DEPS} GTest::gtest GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE
    QUAYWATCH_SOURCE_DIR="${CMAKE_SOURCE_DIR}" QUAYWATCH_SHARED_DIR="${CMAKE_SOURCE_DIR}/../shared")
  string(REGEX REPLACE "_test$" "" label ${name})
  add_test(NAME unit/${label} COMMAND ${name})
  set_tests_properties(unit/${label} PROPERTIES LABELS fast)
endfunction()
