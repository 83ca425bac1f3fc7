//! What a program's panics would say, taken out of it: in a browser nobody hears them.
//!
//! A panic ends in a trap. The page learns of the trap, says so to its reader and offers to report it; what the program
//! would print before goes nowhere. So the words, the places in sources and the code that puts them together only make
//! readers wait longer for the program. Nor does anybody read the forms of values that are meant for programmers.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use walrus::ir::Value;
use walrus::{ConstExpr, DataId, DataKind, Module};
use wasm_encoder::{CustomSection, Encode, RawSection};
use wasmparser::{
    BinaryReaderError, FunctionBody, KnownCustom, Name, Parser, Payload, RelocSectionReader, TypeRef, ValType,
};

/// Instructions that the bytes of a program name.
mod instruction {
    pub const UNREACHABLE: u8 = 0x00;
    pub const NOTHING: u8 = 0x01;
    pub const RETURN: u8 = 0x0f;
    pub const NUMBER: u8 = 0x41;

    /// Whether one only works out values and writes them into memory, which nobody reads after a trap. The others are blocks,
    /// branches and calls.
    pub fn is_plain(code: u8) -> bool {
        matches!(code, 0x1a..=0x1c | 0x20..=0xc4 | 0xfc | 0xfd)
    }
}

/// Has every panic of a linked program trap at once, and what writes values for programmers write nothing.
///
/// Not a byte moves, and of the linker's notes of what code refers to those go whose code is gone. So whoever divides the
/// program by these notes leaves out what only panics used: words, places, and all that would put them together.
pub fn take_out(program: &[u8]) -> Result<Vec<u8>, BinaryReaderError> {
    let parts = Parts::read(program)?;
    let mut bytes = program.to_vec();
    let mut gone: Vec<Range<usize>> = Vec::new();
    let panics: HashSet<u32> = parts.named(is_panic).collect();
    let unasked: HashSet<u32> = parts.named(is_of_stream).collect();
    let silent: HashSet<u32> = parts.named(is_debug).filter(|function| parts.gives_number(*function)).collect();
    for (function, body) in (parts.imported..).zip(&parts.bodies) {
        let begin = body.get_operators_reader()?.original_position();
        // The last byte says that the body ends.
        let whole = begin..body.range().end - 1;
        let stretches = if panics.contains(&function) || unasked.contains(&function) {
            bytes[whole.clone()].fill(instruction::NOTHING);
            bytes[begin] = instruction::UNREACHABLE;
            vec![whole]
        } else if silent.contains(&function) && whole.len() >= 3 {
            bytes[whole.clone()].fill(instruction::NOTHING);
            bytes[begin..begin + 3].copy_from_slice(&[instruction::NUMBER, 0, instruction::RETURN]);
            vec![whole]
        } else {
            let stretches = before_panics(body, program, &panics)?;
            for stretch in &stretches {
                bytes[stretch.clone()].fill(instruction::NOTHING);
                bytes[stretch.start] = instruction::UNREACHABLE;
            }
            stretches
        };
        gone.extend(stretches);
    }
    parts.written(&bytes, &gone)
}

/// What of a program has to be known.
#[derive(Default)]
struct Parts<'a> {
    sections: Vec<(u8, Range<usize>)>,
    /// Where the section of code is among them.
    code: usize,
    /// How many functions are imported: they come first.
    imported: u32,
    /// Whether functions of each type give back a single number.
    types: Vec<bool>,
    /// The type of each function, the imported ones left out.
    type_of: Vec<u32>,
    bodies: Vec<FunctionBody<'a>>,
    names: HashMap<u32, String>,
    /// What the linker noted of the code, and where that is among the sections.
    notes: Option<(usize, RelocSectionReader<'a>)>,
}

impl<'a> Parts<'a> {
    fn read(program: &'a [u8]) -> Result<Self, BinaryReaderError> {
        let mut parts = Self::default();
        for payload in Parser::new(0).parse_all(program) {
            let payload = payload?;
            let place = parts.sections.len();
            parts.sections.extend(payload.as_section());
            match payload {
                Payload::TypeSection(types) => {
                    for of_function in types.into_iter_err_on_gc_types() {
                        parts.types.push(of_function?.results() == [ValType::I32]);
                    }
                }
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        parts.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::FunctionSection(functions) => {
                    parts.type_of = functions.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::CodeSectionStart { .. } => parts.code = place,
                Payload::CodeSectionEntry(body) => parts.bodies.push(body),
                Payload::CustomSection(section) => match section.as_known() {
                    KnownCustom::Reloc(notes) if notes.section_index() as usize == parts.code => {
                        parts.notes = Some((place, notes));
                    }
                    KnownCustom::Name(names) => {
                        for kind in names {
                            if let Name::Function(functions) = kind? {
                                for function in functions {
                                    let function = function?;
                                    // As it is written in Rust, without digests.
                                    let name = format!("{:#}", rustc_demangle::demangle(function.name));
                                    parts.names.insert(function.index, name);
                                }
                            }
                        }
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        Ok(parts)
    }

    /// The functions whose name is of a kind.
    fn named(&self, is_of_kind: fn(&str) -> bool) -> impl Iterator<Item = u32> {
        self.names.iter().filter(move |(_, name)| is_of_kind(name)).map(|(function, _)| *function)
    }

    /// Whether a function gives back a single number.
    fn gives_number(&self, function: u32) -> bool {
        let place = function.checked_sub(self.imported).and_then(|place| self.type_of.get(place as usize));
        place.and_then(|of_function| self.types.get(*of_function as usize)).is_some_and(|is_number| *is_number)
    }

    /// The program with other bytes of code, without the notes of what is gone.
    fn written(&self, bytes: &[u8], gone: &[Range<usize>]) -> Result<Vec<u8>, BinaryReaderError> {
        let mut module = wasm_encoder::Module::new();
        for (place, (id, range)) in self.sections.iter().enumerate() {
            match &self.notes {
                Some((noted, notes)) if *noted == place => {
                    let data = self.remaining(notes, bytes, gone)?;
                    module.section(&CustomSection { name: "reloc.CODE".into(), data: data.into() });
                }
                _ => {
                    module.section(&RawSection { id: *id, data: &bytes[range.clone()] });
                }
            }
        }
        Ok(module.finish())
    }

    /// The notes of what is still there.
    fn remaining(
        &self,
        notes: &RelocSectionReader<'_>,
        bytes: &[u8],
        gone: &[Range<usize>],
    ) -> Result<Vec<u8>, BinaryReaderError> {
        let begin = self.sections[self.code].1.start;
        let (mut count, mut remaining) = (0_u32, Vec::new());
        let ends = notes.entries().into_iter_with_offsets().skip(1).map(|entry| entry.map(|(at, _)| at));
        let ends = ends.chain([Ok(notes.range().end)]);
        for (entry, end) in notes.entries().into_iter_with_offsets().zip(ends) {
            let (at, entry) = entry?;
            let place = begin + entry.offset as usize;
            // Stretches follow each other as bodies do.
            let next = gone.partition_point(|stretch| stretch.end <= place);
            if gone.get(next).is_none_or(|stretch| place < stretch.start) {
                count += 1;
                remaining.extend_from_slice(&bytes[at..end?]);
            }
        }
        let mut data = Vec::new();
        notes.section_index().encode(&mut data);
        count.encode(&mut data);
        data.extend(remaining);
        Ok(data)
    }
}

/// Where in a function a panic is prepared and begun: from the first instruction that only works out values for it.
fn before_panics(
    body: &FunctionBody<'_>,
    program: &[u8],
    panics: &HashSet<u32>,
) -> Result<Vec<Range<usize>>, BinaryReaderError> {
    use wasmparser::Operator::{Call, Unreachable};
    let mut stretches = Vec::new();
    let mut begin = None;
    let mut instructions = body.get_operators_reader()?;
    while !instructions.eof() {
        let (instruction, at) = instructions.read_with_offset()?;
        let is_end = match instruction {
            Call { function_index } => panics.contains(&function_index),
            Unreachable => true,
            _ => false,
        };
        let from = *begin.get_or_insert(at);
        if is_end {
            stretches.push(from..instructions.original_position());
        }
        if is_end || !instruction::is_plain(program[at]) {
            begin = None;
        }
    }
    Ok(stretches)
}

/// Whether a function never returns because it panics, by its name.
fn is_panic(name: &str) -> bool {
    const BEGINNINGS: [&str; 8] = [
        "core::panicking::",
        "std::panicking::begin_panic",
        "core::cell::panic_already",
        "core::option::expect_failed",
        "core::option::unwrap_failed",
        "core::result::unwrap_failed",
        "core::slice::index::slice_index_fail",
        "core::str::slice_error_fail",
    ];
    const ENDINGS: [&str; 7] = [
        "::assert_failed",
        "::capacity_overflow",
        "::handle_alloc_error",
        "::len_mismatch_fail",
        "::panic_access_error",
        "::panic_on_ord_violation",
        "::panic_poisoned",
    ];
    BEGINNINGS.iter().any(|beginning| name.starts_with(beginning)) || ENDINGS.iter().any(|end| name.ends_with(end))
}

/// Whether a function is one that a library which comes with Leptos exports for streams of bytes from servers, by its name: no
/// page here asks for any.
pub fn is_of_stream(name: &str) -> bool {
    name.trim_start_matches("__wbg_").starts_with("intounderlying")
}

/// Whether a function writes a value for programmers, by its name.
fn is_debug(name: &str) -> bool {
    name.ends_with(" as core::fmt::Debug>::fmt")
}

/// Fills with zeros, which take no room once compressed, where panics stand in sources: the names of files, and the records
/// of name, line and column, which are found by the names that they point to.
pub fn erase_places(program: &mut Module) {
    const RECORD: usize = 16;
    let segments: Vec<(DataId, usize)> = program
        .data
        .iter()
        .filter_map(|segment| match segment.kind {
            DataKind::Active { offset: ConstExpr::Value(Value::I32(start)), .. } => {
                Some((segment.id(), usize::try_from(start).ok()?))
            }
            _ => None,
        })
        .collect();
    let mut names: HashMap<usize, usize> = HashMap::new();
    for &(id, start) in &segments {
        names.extend(file_names(&program.data.get(id).value).into_iter().map(|name| (start + name.start, name.len())));
    }
    for &(id, start) in &segments {
        let bytes = &mut program.data.get_mut(id).value;
        let mut at = start.next_multiple_of(4) - start;
        while at + RECORD <= bytes.len() {
            let word = |at: usize| bytes[at..].first_chunk().map_or(0, |word| u32::from_le_bytes(*word) as usize);
            // A name may be followed by the zero that ends it elsewhere.
            let is_record = names.get(&word(at)).is_some_and(|&length| (length..=length + 1).contains(&word(at + 4)));
            if is_record {
                bytes[at..at + RECORD].fill(0);
            }
            at += if is_record { RECORD } else { 4 };
        }
        for (&name, &length) in &names {
            if let Some(name) = name.checked_sub(start).and_then(|from| bytes.get_mut(from..from + length)) {
                name.fill(0);
            }
        }
    }
}

/// Where names of Rust files stand among `bytes`.
fn file_names(bytes: &[u8]) -> Vec<Range<usize>> {
    const ROOTS: [&[u8]; 3] = [b"/rustc/", b"/cargo/", b"explorer/"];
    const ENDING: &[u8] = b".rs";
    let ends = bytes.windows(ENDING.len()).enumerate().filter(|(_, window)| *window == ENDING).map(|(at, _)| at + 3);
    ends.filter_map(|end| {
        let begin = bytes[..end].iter().rposition(|byte| !byte.is_ascii_graphic()).map_or(0, |before| before + 1);
        // Other words may stand right before it.
        let name = (begin..end).rev().find(|&from| ROOTS.iter().any(|root| bytes[from..end].starts_with(root)))?;
        Some(name..end)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection, ImportSection, NameMap,
        NameSection, TypeSection,
    };
    use wasmparser::Operator;

    use super::*;

    #[test]
    fn a_panic_is_known_by_its_name() {
        assert!(is_panic("core::panicking::panic_fmt"));
        assert!(is_panic("<alloc::vec::Vec<_, _>>::remove::assert_failed"));
        assert!(!is_panic("std::panicking::panic_count::is_zero_slow_path"), "it is asked, and answers");
        assert!(!is_panic("app::session::Session::after"));
        assert!(is_debug("<&app::Session as core::fmt::Debug>::fmt"));
    }

    /// An imported function, a panic, a function that calls the first and then panics, and one that writes for programmers.
    fn program() -> Vec<u8> {
        let (mut types, mut imports, mut functions) =
            (TypeSection::new(), ImportSection::new(), FunctionSection::new());
        types.ty().function([], []);
        types.ty().function([wasm_encoder::ValType::I32], [wasm_encoder::ValType::I32]);
        imports.import("page", "effect", EntityType::Function(0));
        [0, 0, 1].into_iter().for_each(|of_function| _ = functions.function(of_function));
        let mut exports = ExportSection::new();
        exports.export("caller", ExportKind::Func, 2);
        let (mut panic, mut caller, mut debug) =
            (Function::new([]), Function::new([]), Function::new([(1, wasm_encoder::ValType::I32)]));
        panic.instructions().call(0).end();
        caller.instructions().call(0).i32_const(44).drop().i32_const(5).drop().call(1).unreachable().end();
        debug.instructions().call(0).i32_const(1).end();
        let mut code = CodeSection::new();
        [&panic, &caller, &debug].into_iter().for_each(|body| _ = code.function(body));
        let mut module = wasm_encoder::Module::new();
        module.section(&types).section(&imports).section(&functions).section(&exports);
        let place = 4;
        module.section(&code);
        let (begin, calls) = calls(module.as_slice());
        let mut notes = Vec::new();
        place.encode(&mut notes);
        (calls.len() as u32).encode(&mut notes);
        for (at, function) in calls {
            // A call's number of the function, which is that of its symbol here.
            notes.push(0);
            ((at + 1 - begin) as u32).encode(&mut notes);
            function.encode(&mut notes);
        }
        module.section(&CustomSection { name: "reloc.CODE".into(), data: notes.into() });
        let mut names = NameMap::new();
        names.append(1, "_ZN4core9panicking13panic_display17hb1a615e2d1ad759bE");
        names.append(2, "caller");
        names.append(3, "_ZN49_$LT$app..Session$u20$as$u20$core..fmt..Debug$GT$3fmt17hb1a615e2d1ad759bE");
        let mut section = NameSection::new();
        section.functions(&names);
        module.section(&section);
        module.finish()
    }

    /// Where the code begins, and each call with the function called.
    fn calls(program: &[u8]) -> (usize, Vec<(usize, u32)>) {
        let parts = Parts::read(program).expect("it is a program");
        let operators = parts
            .bodies
            .iter()
            .flat_map(|body| body.get_operators_reader().expect("it has operators").into_iter_with_offsets());
        let calls = operators.filter_map(|operator| match operator.expect("they are sound") {
            (Operator::Call { function_index }, at) => Some((at, function_index)),
            _ => None,
        });
        (parts.sections[parts.code].1.start, calls.collect())
    }

    #[test]
    fn a_panic_traps_at_once_and_what_is_written_for_programmers_is_not() {
        let before = program();
        let after = take_out(&before).expect("it is a program");
        let parts = Parts::read(&after).expect("it still is");
        wasmparser::validate(&after).expect("and a sound one");
        let left: Vec<Vec<Operator<'_>>> = parts
            .bodies
            .iter()
            .map(|body| {
                let operators = body.get_operators_reader().expect("it has operators").into_iter();
                operators
                    .map(|operator| operator.expect("they are sound"))
                    .filter(|operator| *operator != Operator::Nop)
                    .collect()
            })
            .collect();
        use Operator::{Call, End, I32Const, Return, Unreachable};
        assert_eq!(left[0], [Unreachable, End]);
        assert_eq!(left[1], [Call { function_index: 0 }, Unreachable, Unreachable, End]);
        assert_eq!(left[2], [I32Const { value: 0 }, Return, End]);

        let lengths = |program| -> Vec<usize> {
            Parts::read(program).expect("it is a program").bodies.iter().map(|body| body.range().len()).collect()
        };
        assert_eq!(lengths(&after), lengths(&before), "no byte moves");
        let (_, notes) = parts.notes.expect("there are notes");
        let noted: Vec<_> = notes.entries().into_iter().map(|entry| entry.expect("it is sound")).collect();
        let (begin, calls) = calls(&after);
        assert_eq!(calls.len(), 1, "the call before the panic");
        assert_eq!(noted.iter().map(|entry| begin + entry.offset as usize).collect::<Vec<_>>(), [calls[0].0 + 1]);
    }

    #[test]
    fn the_places_of_panics_are_erased() {
        let mut program = Module::default();
        let memory = program.memories.add_local(false, false, 1, None, None);
        let source = b"explorer/app/src/history.rs";
        let mut bytes = [b"kept ", source.as_slice(), &[0; 4]].concat();
        bytes.extend([8 + 5_u32, source.len() as u32, 12, 34].iter().flat_map(|word| word.to_le_bytes()));
        bytes.extend(b"kept");
        let kind = DataKind::Active { memory, offset: ConstExpr::Value(Value::I32(8)) };
        let data = program.data.add(kind, bytes);
        erase_places(&mut program);
        let bytes = &program.data.get(data).value;
        assert_eq!(bytes, &[b"kept ".as_slice(), &[0; 27 + 4 + 16], b"kept"].concat());
    }
}
