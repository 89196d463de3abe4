"""A headless editor: the real yaml-language-server, driven over the Language Server Protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

from lsprotocol import types
from pygls.lsp.client import LanguageClient

CURSOR = "▮"
"""Marks the cursor in a text."""
SECONDS = 30
"""Time limit of an answer, which usually takes some tenths of a second."""
SETTINGS = {"yaml": {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}}
"""The editor's settings; no schema is downloaded."""

T = TypeVar("T")


class Editor:
    """One language server. Each text is a separate document, with the schema that its first line names."""

    def __init__(self, command: Sequence[str]) -> None:
        self._loop = asyncio.new_event_loop()
        self._client = LanguageClient("tests", "1")
        self._published: dict[str, asyncio.Future[list[str]]] = {}
        self._client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: self._receive(params))
        self._client.feature(types.WORKSPACE_CONFIGURATION)(
            lambda asked: [SETTINGS.get(each.section) for each in asked.items]
        )
        self._wait(self._start(command))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._wait(self._client.shutdown_async(None))
        self._client.exit(None)
        self._wait(self._client.stop())  # type: ignore[no-untyped-call]  # pygls leaves this one without types
        self._loop.close()

    def problems(self, text: str, path: Path | None = None) -> list[str]:
        """The diagnostics, as ``line: message``, of a text or of a file at its path."""
        uri = self._opened(text, path)
        return self._wait(self._published[uri])

    def completions(self, text: str) -> list[str]:
        """The completions at the cursor."""
        uri, position = self._at_cursor(text)
        asked = types.CompletionParams(types.TextDocumentIdentifier(uri), position)
        answer = self._wait(self._client.text_document_completion_async(asked))
        items = answer.items if isinstance(answer, types.CompletionList) else answer or []
        return [item.label for item in items]

    def hover(self, text: str) -> str:
        """The hover text of the word at the cursor."""
        uri, position = self._at_cursor(text)
        asked = types.HoverParams(types.TextDocumentIdentifier(uri), position)
        answer = self._wait(self._client.text_document_hover_async(asked))
        return answer.contents.value if answer and isinstance(answer.contents, types.MarkupContent) else ""

    def _wait(self, answer: Coroutine[Any, Any, T] | asyncio.Future[T]) -> T:
        return self._loop.run_until_complete(asyncio.wait_for(answer, SECONDS))

    async def _start(self, command: Sequence[str]) -> None:
        await self._client.start_io(*command)
        document = types.TextDocumentClientCapabilities(
            hover=types.HoverClientCapabilities(content_format=[types.MarkupKind.Markdown]),
            completion=types.CompletionClientCapabilities(),
        )
        await self._client.initialize_async(types.InitializeParams(types.ClientCapabilities(text_document=document)))
        self._client.initialized(types.InitializedParams())
        self._client.workspace_did_change_configuration(types.DidChangeConfigurationParams(SETTINGS))

    def _receive(self, params: types.PublishDiagnosticsParams) -> None:
        waiting = self._published.get(params.uri)
        if waiting is not None and not waiting.done():
            waiting.set_result([f"{each.range.start.line + 1}: {each.message}" for each in params.diagnostics])

    def _at_cursor(self, text: str) -> tuple[str, types.Position]:
        before, _, after = text.partition(CURSOR)
        lines = before.split("\n")
        return self._opened(before + after), types.Position(len(lines) - 1, len(lines[-1]))

    def _opened(self, text: str, path: Path | None = None) -> str:
        uri = (path or Path("/", f"document-{len(self._published)}.yaml")).as_uri()
        self._published[uri] = self._loop.create_future()
        item = types.TextDocumentItem(uri, "yaml", 1, text)
        self._client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri
