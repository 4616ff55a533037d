use super::*;
use crate::fixture::{Fixture, NOW};

fn sample(fixture: &Fixture, name: &str) -> StoredFunction {
    StoredFunction {
        id: fixture.random.id(NOW, FunctionId::from_parts),
        name: name.to_owned(),
        description: "Looks it up.".to_owned(),
        parameters: "{}".to_owned(),
        method: FunctionMethod::Get,
        address: "https://x.example/".to_owned(),
        timeout_seconds: 5,
        enabled: true,
        headers: Vec::new(),
    }
}

fn header(name: &str, value: Option<&[u8]>) -> NewHeader {
    (name.to_owned(), value.map(<[u8]>::to_vec))
}

#[tokio::test]
async fn headers_stay_without_a_value_and_go_without_a_name() {
    let fixture = Fixture::new().await;
    let (store, workspace) = (&fixture.store, fixture.workspace);
    let agent = fixture.agent().await;
    let function = sample(&fixture, "find");
    let headers = vec![header("a", Some(b"1")), header("b", Some(b"2"))];
    store.create_function(workspace, agent, function.clone(), headers, NOW).await.unwrap();

    let headers = vec![header("a", None), header("c", Some(b"3"))];
    let replaced = store.replace_function(workspace, agent, function.clone(), headers).await;
    let expected = vec![("a".to_owned(), b"1".to_vec()), ("c".to_owned(), b"3".to_vec())];
    let expected = StoredFunction { headers: expected, ..function.clone() };
    assert_eq!(replaced.unwrap(), FunctionOutcome::Stored(Box::new(expected)));

    let headers = vec![header("d", None)];
    let refused = store.replace_function(workspace, agent, function, headers).await.unwrap();
    assert_eq!(refused, FunctionOutcome::ValueMissing("d".to_owned()));
}

#[tokio::test]
async fn a_channel_is_forbidden_what_it_could_use_and_nothing_else() {
    let fixture = Fixture::new().await;
    let (store, workspace) = (&fixture.store, fixture.workspace);
    let agent = fixture.agent().await;
    let channel = fixture.channel(agent).await.id;
    let (one, two) = (sample(&fixture, "one"), sample(&fixture, "two"));
    for (function, at) in [(&one, NOW), (&two, NOW.plus_millis(1))] {
        let created =
            store.create_function(workspace, agent, function.clone(), Vec::new(), at).await;
        assert!(matches!(created.unwrap(), FunctionOutcome::Stored(_)));
    }
    let gone = fixture.random.id(NOW, FunctionId::from_parts);
    for (forbidden, allowed) in
        [(vec![one.id, one.id, gone], [false, true]), (Vec::new(), [true; 2])]
    {
        let functions = store.forbid_functions(workspace, channel, forbidden).await;
        let functions = functions.unwrap().unwrap();
        assert_eq!(functions.iter().map(|it| it.allowed).collect::<Vec<_>>(), allowed);
    }
    store.forbid_functions(workspace, channel, vec![two.id]).await.unwrap();
    assert!(store.delete_function(workspace, agent, two.id).await.unwrap());
    assert_eq!(store.channel_functions(workspace, channel).await.unwrap().unwrap().len(), 1);
}
