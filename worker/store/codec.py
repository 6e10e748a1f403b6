"""The model's dataclasses as JSON documents and back, by their type hints.

Empty values that are a field's default are left out, so that files stay readable and a new field needs no migration.
A document with a field or a value that the model does not know is refused: reading on would drop it at the next save.
Plain texts and numbers are not checked again: the file's checksum says that they are what was written.
Datetimes keep the instant and the offset they had, never a zone's name.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Document = dict[str, Any]
_Encode = Callable[[Any], Any]
_Decode = Callable[[Any], Any]
_Put = Callable[[Any, Any], None]


class UnknownFieldError(ValueError):
    """A document has a field that this version's model does not have."""


def encode(value: object, without: Container[str] = ()) -> Document:
    """Return a dataclass as a document that orjson takes as it is; `without` names fields that stand elsewhere."""
    document: Document = {}
    for name, encoder, default, droppable in _encoders(type(value)):  # type: ignore[arg-type]  # classes are hashable
        item = getattr(value, name)
        if (droppable and item == default) or name in without:
            continue
        document[name] = item if encoder is None or item is None else encoder(item)
    return document


def decode(cls: type[T], document: Document) -> T:
    """Return the dataclass behind a document. Raises ValueError, UnknownFieldError.

    The fields are set past `__init__`, which costs a quarter of the time: what is stored passed the class's own
    invariants when it was made, and the times are checked here.
    """
    plan = _plan(cls)  # type: ignore[arg-type]  # classes are hashable
    value = cls.__new__(cls)
    if not plan.required <= document.keys():
        raise ValueError(f"{cls.__name__} without {', '.join(sorted(plan.required - document.keys()))}")
    for name, put, default in plan.defaults:
        if name not in document:
            put(value, default)
    name = ""
    try:
        for name, item in document.items():
            put, decoder = plan.setters[name]
            put(value, item if decoder is None or item is None else decoder(item))
    except UnknownFieldError:
        raise
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        if name not in plan.setters:
            raise UnknownFieldError(f"{cls.__name__}.{name}") from None
        raise ValueError(f"{cls.__name__}.{name}: {error}") from error
    return value


class _Plan(NamedTuple):
    """How to fill a class: each field's slot and decoder, the defaults, and what must be there."""

    setters: dict[str, tuple[_Put, _Decode | None]]
    defaults: tuple[tuple[str, _Put, object], ...]
    required: frozenset[str]


@cache
def _plan(cls: Any) -> _Plan:  # noqa: ANN401
    hints = get_type_hints(cls)
    puts: dict[str, _Put] = {item.name: getattr(cls, item.name).__set__ for item in fields(cls)}
    return _Plan(
        {name: (put, _decoder(hints[name])) for name, put in puts.items()},
        tuple((item.name, puts[item.name], item.default) for item in fields(cls) if item.default is not MISSING),
        frozenset(item.name for item in fields(cls) if item.default is MISSING),
    )


@cache
def _encoders(cls: Any) -> tuple[tuple[str, _Encode | None, object, bool], ...]:  # noqa: ANN401
    hints = get_type_hints(cls)
    plan = []
    for item in fields(cls):
        default = item.default if item.default is not MISSING else None
        droppable = item.default is not MISSING and not item.default
        plan.append((item.name, _encoder(hints[item.name]), default, droppable))
    return tuple(plan)


def _members(hint: Any) -> tuple[Any, ...] | None:  # noqa: ANN401  # a type hint may be anything
    """Return a union's members, None for what is no union."""
    return get_args(hint) if get_origin(hint) in {Union, UnionType} else None


def _encoder(hint: Any) -> _Encode | None:  # noqa: ANN401
    members = _members(hint)
    if members:
        encoders = [(member, _encoder(member)) for member in members if member is not NoneType]
        if len(encoders) == 1:
            return encoders[0][1]
        # A datetime is a date, so the order counts; both are written by the same method.
        return lambda item: next(
            encoder(item) if encoder else item for member, encoder in encoders if isinstance(item, member)
        )
    if get_origin(hint) is tuple:
        inner = _encoder(get_args(hint)[0])
        if inner is None:
            return list
        return lambda items: [inner(item) for item in items]
    if hint in {datetime, date, time}:
        return lambda item: item.isoformat()
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda item: item.value
    if is_dataclass(hint):
        return encode
    if hint in {str, int, bool, float}:
        return None
    raise TypeError(f"no way to store {hint}")


def _decoder(hint: Any) -> _Decode | None:  # noqa: ANN401
    members = _members(hint)
    if members:
        return _union_decoder(tuple(member for member in members if member is not NoneType))
    if get_origin(hint) is tuple:
        return _tuple_decoder(get_args(hint))
    if hint is datetime:
        return _aware
    if hint in {date, time}:
        return hint.fromisoformat  # type: ignore[no-any-return]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {item.value: item for item in hint}.__getitem__
    if is_dataclass(hint) and isinstance(hint, type):
        return lambda item: decode(hint, item)
    if hint in {str, int, bool, float}:
        return None
    raise TypeError(f"no way to store {hint}")


def _aware(text: str) -> datetime:
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError("a time without a zone")
    return value


def _tuple_decoder(arguments: tuple[Any, ...]) -> _Decode:
    if any(argument not in {arguments[0], Ellipsis} for argument in arguments):
        raise TypeError(f"no way to store a tuple of {arguments}")
    inner = _decoder(arguments[0])
    if inner is None:
        return tuple
    return lambda values: tuple([inner(value) for value in values])


def _union_decoder(members: tuple[Any, ...]) -> _Decode | None:
    """Return what tells members apart by how they look in JSON: an object, a text with a time, a text without."""
    if len(members) == 1:
        return _decoder(members[0])
    decoders = {dict if is_dataclass(member) else member: _decoder(member) for member in members}
    if len(decoders) < len(members) or not set(decoders) <= {dict, datetime, date}:
        raise TypeError(f"no way to tell {members} apart")

    def pick(item: Any) -> object:  # noqa: ANN401
        kind = dict if isinstance(item, dict) else datetime if "T" in item else date
        decoder = decoders[kind]
        return decoder(item) if decoder else item

    return pick
