//! What an explorer asks of the page around it, and what the page tells it: the explorer itself knows no address bar, no
//! files and no clipboard.

use std::sync::Arc;

use crate::components::Later;

/// What the explorer asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Show this query in the address: as a new entry of the browser's history, unless nothing was done by the reader.
    Address {
        /// The query, without a question mark; empty for what the page starts with.
        query: String,
        /// Whether going back should lead to what was there before.
        is_new: bool,
    },
    /// Put the page's address with this query on the clipboard.
    CopyLink(String),
    /// Put a piece of HTML on the clipboard that shows the explorer with this query elsewhere.
    CopyEmbed(String),
    /// Give the reader a file.
    Save {
        /// What it is called; its ending says what it is.
        name: String,
        /// What is in it.
        text: String,
    },
    /// Give the reader a picture, made from SVG.
    Picture {
        /// What it is called.
        name: String,
        /// The picture.
        svg: String,
    },
    /// Keep the reader's named scenarios until the next visit.
    Keep(String),
    /// Keep a text that could not be read somewhere else, before something takes its place.
    SetAside(String),
    /// Let the reader choose a file with scenarios.
    Open,
    /// Print the page.
    Print,
}

/// What the page tells the explorer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// The query of the address, at the start and when the reader goes back or forward.
    Address(String),
    /// What was kept at the last visit.
    Kept(String),
    /// The text of a file that the reader chose.
    Opened(String),
    /// Something to tell the reader: that a link was copied, or that nothing can be kept.
    Notice(String),
    /// The reader comes near the parts below the levers, or wants them printed.
    Near,
    /// The reader has unfolded a table that is not written yet.
    Unfolded,
    /// The reader pressed the keys for it.
    Undo,
    /// The reader pressed the keys for it.
    Redo,
}

/// The page around an explorer.
#[derive(Clone)]
pub struct Host {
    /// Does what the explorer asks for.
    pub ask: Arc<dyn Fn(Request) + Send + Sync>,
    /// Is given what is to be called with everything the page has to tell, once the explorer is there.
    pub listen: Arc<dyn Fn(Listener) + Send + Sync>,
    /// Fetches the second part of the program, unless it is there, and has it do something.
    pub later: Arc<dyn Fn(Later) + Send + Sync>,
}

/// Is called with what the page tells.
pub type Listener = Arc<dyn Fn(Message) + Send + Sync>;
