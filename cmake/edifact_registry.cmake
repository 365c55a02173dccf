# The registry of EDIFACT adapters: every adapters/X/adapter.cpp that defines `const EdifactAdapter kAdapter`.
function(quaywatch_edifact_registry out)
  file(GLOB candidates CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/adapters/*/adapter.cpp)
  foreach(file ${candidates})
    file(STRINGS ${file} defines REGEX "^const EdifactAdapter kAdapter")
    if(defines)
      cmake_path(GET file PARENT_PATH folder)
      cmake_path(GET folder FILENAME id)
      if(NOT EXISTS ${folder}/README.md)
        message(FATAL_ERROR "${folder}: an adapter needs a README.md with its mapping table")
      endif()
      string(APPEND declarations "namespace ${id} {\nextern const adapter::EdifactAdapter kAdapter;\n}\n")
      string(APPEND entries "    &${id}::kAdapter,\n")
    endif()
  endforeach()
  file(CONFIGURE OUTPUT ${out} @ONLY CONTENT "// Generated at configure time from adapters/*/adapter.cpp. Do not edit.
#pragma once

#include \"adapter/edifact_rows.h\"

namespace quaywatch::adapters {

@declarations@
inline constexpr const adapter::EdifactAdapter* kEdifactAdapters[] = {
@entries@};

}  // namespace quaywatch::adapters
")
endfunction()
