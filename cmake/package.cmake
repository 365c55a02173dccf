# What is installed, and the Debian package of it (cpack -G DEB). tools/package.sh makes package and archive.
include(GNUInstallDirs)
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # one program is installed; the tests need not be built for that
set(share ${CMAKE_INSTALL_DATADIR}/quaywatch)
set(doc ${CMAKE_INSTALL_DATADIR}/doc/quaywatch)
install(TARGETS quaywatch RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
# Built by tools/console.sh; a package without it is refused by tools/package.sh.
install(DIRECTORY console/dist/ DESTINATION ${share}/console OPTIONAL)
# The rules are in the program; these are to read, to try and to begin one's own from.
install(DIRECTORY detectors/ DESTINATION ${share}/detectors PATTERN CMakeLists.txt EXCLUDE)
install(DIRECTORY data/reference data/mappings DESTINATION ${share})
install(DIRECTORY data/samples/port-day DESTINATION ${share}/samples)
# Laid out as in the sources, so that their links lead somewhere.
install(FILES README.md ARCHITECTURE.md CHANGELOG.md GLOSSARY.md SECURITY.md NOTICE THIRD_PARTY.md DESTINATION ${doc})
install(DIRECTORY docs DESTINATION ${doc})
install(FILES api/openapi.yaml DESTINATION ${doc}/api)
install(FILES LICENSE DESTINATION ${doc} RENAME copyright)
install(FILES packaging/quaywatch.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)

# Of the package alone: the archive has no service.
install(FILES packaging/quaywatch.service DESTINATION /usr/lib/systemd/system COMPONENT service)
install(FILES packaging/serve.conf DESTINATION /etc/quaywatch COMPONENT service)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Port security: explained alerts from a port's own feeds")
set(CPACK_PACKAGE_CONTACT "Quaywatch <quaywatch@localhost>")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, tzdata")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
foreach(file conffiles postinst prerm postrm)
  list(APPEND CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_SOURCE_DIR}/packaging/deb/${file})
endforeach()
include(CPack)
