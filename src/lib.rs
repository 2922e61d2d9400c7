//! Open Door
