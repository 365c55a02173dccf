#!/usr/bin/env python3
"""The command line in Spanish: what people read is Spanish, what programs read is the same bytes.

usage: language_test.py PROGRAM SHARED_DIR [unittest arguments]
"""
import json
import os
import re
import subprocess
import unittest

import program
from program import NOW, PROGRAM, SAMPLE

# Words that no Spanish text of ours has; names of options, fields and files are cut out before.
ENGLISH = re.compile(r"\b(the|and|of|with|which|that|events?|rules?|files? or|feeds?|alerts?|is|are|not)\b")
NAMES = re.compile(r"'quaywatch[^']*'|quaywatch [a-z-]+|--?[a-z][a-z-]*|\b[a-z_]+\.[a-z_.]+\b|<[a-z]+>"
                   r"|\b[\w./-]*/[\w./*-]*|[A-Z]+=[A-Z]+|«[^»]*»")


def commands():
    """Every command with a help of its own, as arguments."""
    def below(*path):
        text = subprocess.run([PROGRAM, "--language", "en", *path, "--help"], capture_output=True, check=True).stdout
        yield list(path)
        listed = text.decode().partition("\nSubcommands:\n")[2]
        for name in re.findall(r"^  ([a-z-]+)", listed, re.M):
            yield from below(*path, name)
    return list(below())


class LanguageTest(program.Program):
    def spoken(self, *arguments, code=0, **environment):
        p = subprocess.run([PROGRAM, *arguments], capture_output=True, timeout=300, check=False,
                           env={"QUAYWATCH_HOME": self.home, **environment})
        self.assertEqual(p.returncode, code, p.stderr.decode()[-2000:])
        return p.stdout.decode(), p.stderr.decode()

    def assert_spanish(self, text):
        for line in text.splitlines():
            if line.startswith("Uso: ") or "  quaywatch " in line:
                continue  # names alone, or an example
            found = ENGLISH.search(NAMES.sub("", re.split(r"  +", line)[-1]))
            self.assertIsNone(found, line)

    def test_every_help_is_spanish(self):
        all_commands = commands()
        self.assertGreaterEqual(len(all_commands), 40)
        for command in all_commands:
            with self.subTest(command=command):
                self.assert_spanish(self.spoken("--language", "es", *command, "--help")[0])

    def test_results_for_people_are_spanish(self):
        for command in ["detect", "feeds", "coverage", "blindspots"]:
            with self.subTest(command=command):
                out, err = self.spoken(command, "--now", NOW, SAMPLE, LANG="es_ES.UTF-8")
                self.assert_spanish(err)
                self.assertRegex(out, {"detect": "ocurrió .* se pudo saber", "feeds": "registros .* ya conocidos",
                                       "coverage": "se pueden juzgar", "blindspots": "punto ciego en"}[command])
        out, _ = self.spoken("detect", "--now", NOW, SAMPLE, LANG="es_ES.UTF-8")
        self.assertIn("Contenedor movido sin orden de trabajo", out)
        self.assertNotIn("Container moved", out)

    def test_an_alert_is_explained_in_spanish(self):
        lines, _ = self.spoken("detect", "--format", "jsonl", "--now", NOW, SAMPLE)
        alert = json.loads(lines.splitlines()[0])["alert_id"]
        out, _ = self.spoken("explain", alert, "--now", NOW, SAMPLE, "--language", "es")
        for words in ["condiciones de", "hechos", "registros y búsquedas", "qué la excusaría", "haga ahora",
                      "contada de nuevo solo con"]:
            self.assertIn(words, out)
        self.assertNotRegex(out, "told again|records and searches|innocent causes")

    def test_what_programs_read_is_the_same_in_every_language(self):
        for command in [["detect", "--format", "jsonl"], ["decode"],
                        ["blindspots", "--format", "jsonl"], ["legal", "staff", "--format", "json"]]:
            with self.subTest(command=command):
                english, spanish = (self.spoken(*command, "--now", NOW, SAMPLE, QUAYWATCH_LANGUAGE=language)[0]
                                    for language in ("en", "es"))
                self.assertEqual(english, spanish)
                self.assertTrue(english)

    def test_a_document_for_the_law_follows_the_command_line(self):
        spanish, _ = self.spoken("--language", "es", "legal", "staff", "--now", NOW, SAMPLE)
        self.assertIn("# Qué leen las reglas sobre el personal", spanish)
        self.assertIn("| Contenedor cebo consultado |", spanish)
        english, _ = self.spoken("legal", "staff", "--language", "en", "--now", NOW, SAMPLE, LANG="es_ES")
        self.assertIn("| Canary container looked up |", english)

    def test_what_is_wrong_is_said_in_spanish(self):
        for arguments, code, words in [
                (["detect", "--nada"], 1, "No se esperaba este argumento: --nada\nUse --help para más información.\n"),
                (["detect", "--format", "x"], 1, "--format: x no está entre {table,jsonl}\n"),
                (["serve", "--poll", "99999"], 1, "--poll: el valor 99999 no está en el rango de 1 a 3600\n"),
                (["legal"], 1, "falta DOCUMENT\n"),
                ([], 1, "Hace falta un subcomando\n"),
                (["decode", "/nada"], 1, "No existe el fichero o la carpeta; compruebe cómo está escrita la ruta\n"),
                (["rules", "approve", "x"], 1, "quaywatch: 'x' no es el número de una versión\n"),
                (["decode", "--now", "x", SAMPLE], 1, "'x' no es una hora RFC 3339"),
        ]:
            with self.subTest(arguments=arguments):
                out, err = self.spoken(*arguments, code=code, QUAYWATCH_LANGUAGE="es")
                self.assertEqual(out, "")
                self.assertIn(words, err)
                self.assertNotIn("Run with", err)

    def test_why_records_were_rejected_is_said_in_spanish(self):
        self.file("gate.jsonl", '{"type":"container.gate_in","colour":"red"}\n{"type":"moved"}\n[]\n{"type":\n')
        path = os.path.join(self.folder.name, "gate.jsonl")
        self.spoken("import", "--history", path, "--now", NOW)
        out, _ = self.spoken("rejects", "--now", NOW, "--language", "es")
        for words in ["clave desconocida 'colour'", "no existe el tipo de suceso 'moved'", "es JSON pero no un objeto",
                      "JSON no válido cerca del byte 0: el documento JSON termina antes de tiempo"]:
            self.assertIn(words, out)
        english, _ = self.spoken("rejects", "--now", NOW, "--language", "en")
        self.assertIn("unknown key 'colour'", english)

    def test_a_language_that_is_not_there_is_refused(self):
        _, err = self.spoken("--language", "xx", "detect", code=1)
        self.assertIn("--language: xx not in {en,es}", err)
        self.assertEqual(os.listdir(self.folder.name), [])

    def test_a_rule_of_the_site_stands_as_its_author_wrote_it(self):
        with open(os.path.join(SAMPLE, "..", "..", "..", "detectors", "move_without_order", "rule.yml"),
                  encoding="utf-8") as f:
            rule = f.read()
        os.mkdir(os.path.join(self.folder.name, "rules"))
        self.file("rules/own.yml", rule.replace("title: Container moved without a work order", "title: Our own rule"))
        rules = os.path.join(self.folder.name, "rules")
        out, _ = self.spoken("detect", "--rules", rules, "--now", NOW, SAMPLE, LANG="es")
        self.assertIn("Our own rule", out)
        self.assertNotIn("Contenedor movido sin orden de trabajo", out)


if __name__ == "__main__":
    program.main()
