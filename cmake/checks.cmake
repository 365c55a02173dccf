# Checks of the sources as ctest entries, label "check". Exit status 77: not possible here, the last line says why.
file(GLOB catalogues CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}
  ${CMAKE_SOURCE_DIR}/src/model/fields.toml ${CMAKE_SOURCE_DIR}/adapters/*/fields.toml)

# quaywatch_check(NAME script [argument...]): ctest entry check/NAME running tools/script from the root.
function(quaywatch_check name script)
  add_test(NAME check/${name} COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/${script} ${ARGN}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(check/${name} PROPERTIES LABELS check SKIP_RETURN_CODE 77)
endfunction()

quaywatch_check(layers check_layers.py)
quaywatch_check(tidy tidy.py)
quaywatch_check(reach check_reach.py)
quaywatch_check(licences licences.py --check --binaries ${CMAKE_BINARY_DIR}/bin)
quaywatch_check(fields gen_fields.py --check docs/reference/fields.md ${catalogues})
quaywatch_check(sample make_sample_day.py --check)
quaywatch_check(readme readme_table.py --check)
quaywatch_check(coverage_matrix coverage_matrix.py --check)
quaywatch_check(links check_links.py)
quaywatch_check(calibration check_calibration.py)
quaywatch_check(texts check_texts.py)

file(GLOB tool_tests CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/tools ${CMAKE_SOURCE_DIR}/tools/*_test.py)
foreach(test ${tool_tests})
  string(REPLACE "_test.py" "" name ${test})
  quaywatch_check(tools/${name} ${test})
endforeach()
