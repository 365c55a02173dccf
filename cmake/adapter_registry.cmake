# The registries of adapters, from adapters/X/adapter.cpp: `const EdifactAdapter kAdapter` is an EDIFACT message,
# `const FormatAdapter kFormat` a format that describes itself.
function(quaywatch_adapter_registry out)
  file(GLOB candidates CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/adapters/*/adapter.cpp)
  foreach(file ${candidates})
    file(STRINGS ${file} message REGEX "^const EdifactAdapter kAdapter")
    file(STRINGS ${file} format REGEX "^const (adapter::)?FormatAdapter kFormat")
    cmake_path(GET file PARENT_PATH folder)
    cmake_path(GET folder FILENAME id)
    if(NOT message AND NOT format)
      continue()
    endif()
    if(NOT EXISTS ${folder}/README.md)
      message(FATAL_ERROR "${folder}: an adapter needs a README.md with its mapping table")
    endif()
    if(message)
      string(APPEND declarations "namespace ${id} {\nextern const adapter::EdifactAdapter kAdapter;\n}\n")
      string(APPEND messages "    &${id}::kAdapter,\n")
    else()
      string(APPEND declarations "namespace ${id} {\nextern const adapter::FormatAdapter kFormat;\n}\n")
      string(APPEND formats "    &${id}::kFormat,\n")
    endif()
  endforeach()
  file(CONFIGURE OUTPUT ${out} @ONLY CONTENT "// Generated at configure time from adapters/*/adapter.cpp. Do not edit.
#pragma once

#include \"adapter/edifact_rows.h\"
#include \"adapter/format.h\"

namespace quaywatch::adapters {

@declarations@
inline constexpr const adapter::EdifactAdapter* kEdifactAdapters[] = {
@messages@};
inline constexpr const adapter::FormatAdapter* kFormats[] = {
@formats@};

}  // namespace quaywatch::adapters
")
endfunction()
