//! Names made once, after checking: an id always belongs to something its model has.

use serde::{Deserialize, Serialize};

/// Declares the id of one kind of thing: its place in the model's list of them.
macro_rules! ids {
    ($($(#[$meaning:meta])* $name:ident;)*) => {$(
        $(#[$meaning])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub(crate) u16);

        impl $name {
            /// Place in the model's list, from zero.
            pub fn index(self) -> usize {
                usize::from(self.0)
            }

            #[cfg_attr(not(feature = "compile"), allow(dead_code, reason = "only text makes some of them"))]
            /// The id of the thing at `index`; a model never has more than 65,535 of a kind.
            pub(crate) fn at(index: usize) -> Self {
                Self(u16::try_from(index).expect("the size of a model is checked when it is read"))
            }
        }
    )*};
}

ids! {
    /// A region of [`Model::regions`](crate::Model::regions).
    RegionId;
    /// A lever of [`Model::levers`](crate::Model::levers).
    LeverId;
    /// A parameter of [`Model::parameters`](crate::Model::parameters).
    ParameterId;
    /// A group of [`Model::groups`](crate::Model::groups).
    GroupId;
    /// A declared variable, perhaps an array, of [`Model::declarations`](crate::Model::declarations).
    DeclarationId;
    /// A single variable of [`Model::variables`](crate::Model::variables).
    VariableId;
    /// An outcome of [`Model::outcomes`](crate::Model::outcomes).
    OutcomeId;
    /// A named scenario of [`Model::scenarios`](crate::Model::scenarios).
    PresetId;
}
