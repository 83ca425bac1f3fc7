//! What a program's panics would say, taken out of it: in a browser nobody hears them.
//!
//! A panic ends in a trap. The page learns of the trap, says so to its reader and offers to report it; what the program
//! would print before goes nowhere. So the words, the places in sources and the code that puts them together only make
//! readers wait longer for the program. Nor does anybody read the forms of values that are meant for programmers.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use walrus::ir::{Const, Instr, InstrSeq, Unreachable, Value, VisitorMut, dfs_pre_order_mut};
use walrus::{ConstExpr, DataId, DataKind, FunctionId, Module, ValType};

/// Has every panic of `program` trap at once.
pub fn take_out(program: &mut Module) {
    let panics: HashSet<FunctionId> = program
        .funcs
        .iter()
        .filter(|function| function.name.as_deref().is_some_and(is_panic))
        .map(walrus::Function::id)
        .collect();
    let silent: HashSet<FunctionId> =
        program.funcs.iter().filter(|function| is_debug(program, function)).map(walrus::Function::id).collect();
    for (id, function) in program.funcs.iter_local_mut() {
        let entry = function.entry_block();
        if panics.contains(&id) {
            trap_at(function.block_mut(entry), 0);
        } else if silent.contains(&id) {
            write_nothing(function.block_mut(entry));
        } else {
            dfs_pre_order_mut(&mut Traps { panics: &panics }, function, entry);
        }
    }
    walrus::passes::gc::run(program);
    erase_places(program);
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
    let name = plain(name);
    BEGINNINGS.iter().any(|beginning| name.starts_with(beginning)) || ENDINGS.iter().any(|end| name.ends_with(end))
}

/// Whether a function writes a value for programmers: it gives back whether it failed, as a number that is zero if not.
fn is_debug(program: &Module, function: &walrus::Function) -> bool {
    let results = program.types.get(function.ty()).results();
    let name = function.name.as_deref().map(plain);
    name.is_some_and(|name| name.ends_with(" as core::fmt::Debug>::fmt")) && results == [ValType::I32]
}

/// A function's name without the digests of its crate and its signature: `core[1f]::fmt` and `core::fmt::h0123456789abcdef`
/// become `core::fmt`.
fn plain(name: &str) -> String {
    let mut depth = 0;
    let mut plain: String = name
        .chars()
        .filter(|&letter| {
            depth += i32::from(letter == '[');
            let is_outside = depth == 0;
            depth -= i32::from(letter == ']');
            is_outside
        })
        .collect();
    if let Some((before, digest)) = plain.rsplit_once("::h")
        && digest.len() == 16
        && digest.bytes().all(|digit| digit.is_ascii_hexdigit())
    {
        plain.truncate(before.len());
    }
    plain
}

/// Lets stretches of instructions that end in a panic trap where they would begin to prepare it.
struct Traps<'a> {
    panics: &'a HashSet<FunctionId>,
}

impl VisitorMut for Traps<'_> {
    fn start_instr_seq_mut(&mut self, stretch: &mut InstrSeq) {
        let panics = |instruction: &Instr| match instruction {
            Instr::Call(call) => self.panics.contains(&call.func),
            other => matches!(other, Instr::Unreachable(_)),
        };
        if let Some(end) = stretch.instrs.iter().position(|(instruction, _)| panics(instruction)) {
            let before = &stretch.instrs[..end];
            let begin = before.iter().rposition(|(instruction, _)| !is_plain(instruction)).map_or(0, |last| last + 1);
            trap_at(stretch, begin);
        }
    }
}

/// Whether an instruction only works out values and writes them into memory, which nobody reads after a trap.
fn is_plain(instruction: &Instr) -> bool {
    use Instr::{Binop, Const, Drop, GlobalGet, Load, LocalGet, LocalSet, LocalTee, Select, Store, Unop};
    matches!(
        instruction,
        Binop(_)
            | Const(_)
            | Drop(_)
            | GlobalGet(_)
            | Load(_)
            | LocalGet(_)
            | LocalSet(_)
            | LocalTee(_)
            | Select(_)
            | Store(_)
            | Unop(_)
    )
}

/// Has a function succeed without doing anything.
fn write_nothing(body: &mut InstrSeq) {
    let place = body.instrs.first().map(|(_, place)| *place).unwrap_or_default();
    body.instrs = vec![(Instr::Const(Const { value: Value::I32(0) }), place)];
}

fn trap_at(stretch: &mut InstrSeq, begin: usize) {
    let place = stretch.instrs.get(begin).map(|(_, place)| *place).unwrap_or_default();
    stretch.instrs.truncate(begin);
    stretch.instrs.push((Instr::Unreachable(Unreachable {}), place));
}

/// Fills with zeros, which take no room once compressed, where panics stand in sources: the names of files, and the records
/// of name, line and column, which are found by the names that they point to.
fn erase_places(program: &mut Module) {
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
    use walrus::FunctionBuilder;

    use super::*;

    #[test]
    fn digests_are_not_part_of_a_name() {
        assert_eq!(plain("core[c5930c85a12de822]::panicking::panic_fmt"), "core::panicking::panic_fmt");
        assert_eq!(plain("core::panicking::panic_display::hb1a615e2d1ad759b"), "core::panicking::panic_display");
        assert!(is_panic("<alloc[3ca501edff3f0c7c]::vec::Vec<_, _>>::remove::assert_failed"));
        assert!(!is_panic("std[a5]::panicking::panic_count::is_zero_slow_path"), "it is asked, and answers");
        assert!(!is_panic("app::session::Session::after::hb1a615e2d1ad759b"));
    }

    /// A function that calls another one and then panics, saying where.
    #[test]
    fn a_panic_traps_and_leaves_no_words_nor_do_forms_for_programmers() {
        let mut program = Module::default();
        let of_nothing = program.types.add(&[], &[]);
        let (effect, _) = program.add_import_func("page", "effect", of_nothing);
        let memory = program.memories.add_local(false, false, 1, None, None);
        let source = b"explorer/app/src/history.rs";
        let mut bytes = [b"kept ", source.as_slice(), &[0; 4]].concat();
        bytes.extend([8 + 5_u32, source.len() as u32, 12, 34].iter().flat_map(|word| word.to_le_bytes()));
        bytes.extend(b"kept");
        let kind = DataKind::Active { memory, offset: ConstExpr::Value(Value::I32(8)) };
        let data = program.data.add(kind, bytes);

        let mut panic = FunctionBuilder::new(&mut program.types, &[ValType::I32], &[]);
        panic.name("core::panicking::panic_display::hb1a615e2d1ad759b".to_owned());
        let place = program.locals.add(ValType::I32);
        panic.func_body().local_get(place).drop().unreachable();
        let panic = panic.finish(vec![place], &mut program.funcs);
        let mut caller = FunctionBuilder::new(&mut program.types, &[], &[ValType::I32]);
        caller.func_body().call(effect).i32_const(44).call(panic).unreachable();
        let caller = caller.finish(Vec::new(), &mut program.funcs);
        let mut debug = FunctionBuilder::new(&mut program.types, &[ValType::I32], &[ValType::I32]);
        debug.name("<&app::Session as core[c5930c85a12de822]::fmt::Debug>::fmt".to_owned());
        debug.func_body().call(effect).i32_const(1);
        let debug = debug.finish(vec![place], &mut program.funcs);
        program.exports.add("caller", caller);
        program.exports.add("debug", debug);
        program.exports.add("memory", memory);

        take_out(&mut program);
        assert!(program.funcs.iter().all(|function| function.id() != panic), "nobody calls it any more");
        let left = |function| -> Vec<&Instr> {
            let function = program.funcs.get(function).kind.unwrap_local();
            function.block(function.entry_block()).instrs.iter().map(|(instruction, _)| instruction).collect()
        };
        assert!(matches!(left(caller)[..], [Instr::Call(_), Instr::Unreachable(_)]), "{:?}", left(caller));
        assert!(matches!(left(debug)[..], [Instr::Const(Const { value: Value::I32(0) })]), "{:?}", left(debug));
        let bytes = &program.data.get(data).value;
        assert_eq!(bytes, &[b"kept ".as_slice(), &[0; 27 + 4 + 16], b"kept"].concat());
    }
}
