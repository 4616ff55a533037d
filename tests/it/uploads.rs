//! Uploads that go wrong: nothing of them is stored.

use cavuer_protocol::ProblemCode;
use cavuer_protocol::console::Article;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Owner, Reply, TestServer, in_time};

async fn upload(owner: &Owner, form: Form) -> Reply {
    Reply::to(owner.in_workspace(Method::POST, "articles/upload").multipart(form)).await
}

fn form(file: impl Into<std::borrow::Cow<'static, [u8]>>, name: &str) -> Form {
    let part = Part::bytes(file.into()).file_name(name.to_owned());
    Form::new().text("title", "Prices").part("file", part)
}

#[tokio::test]
async fn a_file_that_is_no_text_is_refused() {
    let server = TestServer::start().await;
    let owner = server.owner("anna").await;
    let change = server.database().change();
    let binary = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".as_slice();
    for (file, name) in [(binary, "prices.txt"), (b"Tea: 4".as_slice(), "prices.exe")] {
        let reply = upload(&owner, form(file, name)).await;
        reply.problem(415, ProblemCode::UnsupportedMediaType);
    }
    assert_eq!(upload(&owner, form(b"".as_slice(), "prices.txt")).await.invalid_fields(), ["file"]);
    let too_large = vec![b'x'; 10 * 1024 * 1024 + 1];
    let reply = upload(&owner, form(too_large, "prices.txt")).await;
    assert!(reply.problem(413, ProblemCode::PayloadTooLarge).detail.contains("10 MB"));
    assert_eq!(server.database().change(), change);
    assert_eq!(owner.get::<Vec<Article>>("articles").await, []);
    server.stop().await;
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let server = TestServer::start().await;
    let owner = server.owner("anna").await;
    let database = server.database();
    let change = database.change();
    let whole = "--x\r\ncontent-disposition: form-data; name=\"title\"\r\n\r\nPrices\r\n\
        --x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"p.txt\"\r\n\r\nTea: 4\r\n--x--\r\n";

    // The form ends too early, in each of its parts.
    for end in [0, 10, 60, 80, whole.len() - 20, whole.len() - 4] {
        let request = owner
            .in_workspace(Method::POST, "articles/upload")
            .header("content-type", "multipart/form-data; boundary=x")
            .body(whole[..end].to_owned());
        let reply = Reply::to(request).await;
        assert!(matches!(reply.status.as_u16(), 400 | 422), "{end}: {}", reply.body);
    }
    // The connection ends too early.
    for end in [0, 60, whole.len() - 20, whole.len() - 4] {
        let mut connection = TcpStream::connect(&server.url()["http://".len()..]).await.unwrap();
        let head = format!(
            "POST /api/console/v1/workspaces/{}/articles/upload HTTP/1.1\r\nhost: {host}\r\n\
             origin: http://{host}\r\ncookie: {}\r\ncontent-type: multipart/form-data; boundary=x\r\n\
             content-length: {}\r\n\r\n{}",
            owner.workspace,
            owner.cookie,
            whole.len(),
            &whole[..end],
            host = &server.url()["http://".len()..],
        );
        connection.write_all(head.as_bytes()).await.unwrap();
        connection.shutdown().await.unwrap();
        // Whatever it says, it is done with the request when it closes the connection.
        in_time("the end", connection.read_to_end(&mut Vec::new())).await.ok();
    }
    assert_eq!(database.change(), change);
    assert_eq!(owner.get::<Vec<Article>>("articles").await, []);

    // The same bytes, all of them, are an article.
    let request = owner
        .in_workspace(Method::POST, "articles/upload")
        .header("content-type", "multipart/form-data; boundary=x")
        .body(whole);
    assert_eq!(Reply::to(request).await.json::<Article>().title, "Prices");
    server.stop().await;
}
