//! The functions of a program in an order in which they compress well: alike beside alike.
//!
//! A compressed file says of a stretch of bytes where it stood before, in fewer bits the nearer that is. So functions that share
//! most of what they do come one after the other.

use std::collections::{BTreeSet, HashMap};

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{CodeSectionReader, FunctionSectionReader, Parser, Payload};

/// How many bytes in a row two functions must share to be alike in something.
const STRETCH: usize = 4;

/// The same program with its functions in another order.
pub fn alike_together(program: &[u8]) -> Result<Vec<u8>, Error> {
    let mut imported = 0;
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(program) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, wasmparser::TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
            _ => {}
        }
    }
    let mut ordered = Ordered { imported, order: order(&bodies), numbers: Vec::new() };
    ordered.numbers = vec![0; ordered.order.len()];
    for (number, was) in (imported..).zip(&ordered.order) {
        ordered.numbers[*was] = number;
    }
    let mut module = Module::new();
    ordered.parse_core_module(&mut module, Parser::new(0), program)?;
    Ok(module.finish())
}

/// Each function once, the one most like the one before next; where none is like it, the largest that is left.
fn order(bodies: &[&[u8]]) -> Vec<usize> {
    let stretches: Vec<BTreeSet<&[u8]>> = bodies.iter().map(|body| body.windows(STRETCH).collect()).collect();
    let mut shared_by: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (function, stretches) in stretches.iter().enumerate() {
        stretches.iter().for_each(|stretch| shared_by.entry(stretch).or_default().push(function));
    }
    let mut by_size: Vec<usize> = (0..bodies.len()).collect();
    by_size.sort_by_key(|function| std::cmp::Reverse(bodies[*function].len()));
    let mut by_size = by_size.into_iter();
    let mut is_placed = vec![false; bodies.len()];
    let mut order: Vec<usize> = Vec::with_capacity(bodies.len());
    while order.len() < bodies.len() {
        let likest = order.last().and_then(|last| {
            let mut shared: HashMap<usize, usize> = HashMap::new();
            for stretch in &stretches[*last] {
                for other in shared_by[stretch].iter().filter(|other| !is_placed[**other]) {
                    *shared.entry(*other).or_default() += 1;
                }
            }
            let likeness = |other: usize, shared: usize| {
                shared as f64 / (stretches[*last].len() + stretches[other].len() - shared) as f64
            };
            let likeness = shared.into_iter().map(|(other, shared)| (likeness(other, shared), other));
            // Of two that are as like, the first in the program: the same order at every build.
            likeness.max_by(|(one, first), (other, second)| one.total_cmp(other).then(second.cmp(first)))
        });
        let next = likest.map(|(_, other)| other).or_else(|| by_size.find(|function| !is_placed[*function]));
        let Some(next) = next else { break };
        is_placed[next] = true;
        order.push(next);
    }
    order
}

/// Copies a program, its functions in another order and called by their new numbers.
struct Ordered {
    /// How many functions are imported: they come first, and keep their numbers.
    imported: u32,
    /// The places that functions had among those of the program.
    order: Vec<usize>,
    /// The new number of each, by the place it had.
    numbers: Vec<u32>,
}

impl Ordered {
    fn in_order<T>(
        &self,
        all: impl IntoIterator<Item = Result<T, wasmparser::BinaryReaderError>>,
    ) -> Result<Vec<T>, Error> {
        let mut all: Vec<Option<T>> = all.into_iter().map(|one| one.map(Some)).collect::<Result<_, _>>()?;
        Ok(self.order.iter().filter_map(|was| all.get_mut(*was).and_then(Option::take)).collect())
    }
}

impl Reencode for Ordered {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        let place = function.checked_sub(self.imported).and_then(|place| usize::try_from(place).ok());
        Ok(place.and_then(|place| self.numbers.get(place)).copied().unwrap_or(function))
    }

    fn parse_function_section(
        &mut self,
        to: &mut FunctionSection,
        from: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        for of_type in self.in_order(from)? {
            to.function(self.type_index(of_type)?);
        }
        Ok(())
    }

    fn parse_code_section(&mut self, to: &mut CodeSection, from: CodeSectionReader<'_>) -> Result<(), Error> {
        for body in self.in_order(from)? {
            utils::parse_function_body(self, to, body)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A function that gives `value`, after so many times nothing.
    fn body(value: u8, nothings: usize) -> Vec<u8> {
        const NOTHING: u8 = 0x01;
        [vec![0], vec![NOTHING; nothings], vec![0x41, value, 0x0b]].concat()
    }

    #[test]
    fn like_follows_like() {
        let (long, other, longer) = (body(1, 20), vec![0, 0x41, 7, 0x41, 8, 0x6a, 0x41, 9, 0x6a, 0x0b], body(2, 22));
        assert_eq!(order(&[&long, &other, &longer]), [2, 0, 1]);
        assert_eq!(order(&[]), Vec::<usize>::new());
    }

    #[test]
    fn functions_are_called_by_their_new_numbers() {
        let mut program = walrus::Module::default();
        let function = |program: &mut walrus::Module, value: i32, dropped: i32, times: usize| {
            let mut builder = walrus::FunctionBuilder::new(&mut program.types, &[], &[walrus::ValType::I32]);
            for _ in 0..times {
                builder.func_body().i32_const(dropped).drop();
            }
            builder.func_body().i32_const(value);
            builder.finish(Vec::new(), &mut program.funcs)
        };
        // By size the second stands between the two that are alike.
        for (name, value, dropped, times) in [("one", 1, 70_000, 9), ("two", 2, 80_000, 8), ("three", 3, 70_000, 7)] {
            let function = function(&mut program, value, dropped, times);
            program.exports.add(name, function);
        }
        let before = program.emit_wasm();
        let after = alike_together(&before).expect("it is a program");
        assert_ne!(after, before, "the second comes last");
        let after = walrus::Module::from_buffer(&after).expect("it is a program");
        for (name, value) in [("one", 1), ("two", 2), ("three", 3)] {
            let function = after.exports.get_func(name).expect("it is exported");
            let walrus::FunctionKind::Local(function) = &after.funcs.get(function).kind else { panic!("it is here") };
            let last = function.block(function.entry_block()).instrs.last().map(|(last, _)| last);
            let Some(walrus::ir::Instr::Const(given)) = last else { panic!("{name} gives {last:?}") };
            assert!(matches!(given.value, walrus::ir::Value::I32(given) if given == value), "{name} gives {given:?}");
        }
    }
}
