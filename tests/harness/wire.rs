//! What both sides of a conversation with the tests' mail server are made of: lines, letters, silence.

use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufStream,
};

/// The address in a command that begins with `verb`.
pub fn path(line: &str, verb: &str) -> Option<String> {
    let rest = line
        .get(..verb.len())
        .filter(|start| start.eq_ignore_ascii_case(verb))
        .map(|_| &line[verb.len()..])?;
    let rest = rest.trim_start().strip_prefix('<')?;
    rest.split_once('>').map(|(address, _)| address.to_owned())
}

/// Reads a letter to its last dot; none when the client goes away before that.
pub async fn letter<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufStream<S>,
) -> std::io::Result<Option<String>> {
    let mut data = Vec::new();
    loop {
        let mut line = Vec::new();
        if stream.read_until(b'\n', &mut line).await? == 0 {
            return Ok(None);
        }
        if line == b".\r\n" {
            return Ok(Some(String::from_utf8_lossy(&data).into_owned()));
        }
        data.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}

pub async fn say<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufStream<S>,
    words: &str,
) -> std::io::Result<()> {
    stream.write_all(words.as_bytes()).await?;
    stream.write_all(b"\r\n").await?;
    stream.flush().await
}

/// Says nothing more, and reads until the client goes away.
pub async fn stall<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufStream<S>) -> std::io::Result<bool> {
    let mut unheard = [0; 4096];
    while stream.read(&mut unheard).await? > 0 {}
    Ok(false)
}
