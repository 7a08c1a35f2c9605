using NUnit.Framework;

namespace Statkeep.Tests
{
    public sealed class JsonTests
    {
        [Test]
        public void ReadsTheLargestWholeNumberExactly()
        {
            Assert.IsTrue(JsonReader.Read("9007199254740991").TryLong(out long number));
            Assert.AreEqual(9007199254740991, number);
        }

        [Test]
        public void NamesTheFieldThatIsMissing()
        {
            JsonException fault = Assert.Throws<JsonException>(() => Spent.Read(JsonReader.Read("{\"id\":\"txn_1\",\"charged\":1}")));
            StringAssert.Contains("\"balance\"", fault.Message);
        }

        [Test]
        public void IgnoresFieldsThatItDoesNotKnow()
        {
            Spent spent = Spent.Read(JsonReader.Read("{\"id\":\"txn_1\",\"charged\":1,\"balance\":9,\"tax\":[1]}"));
            Assert.AreEqual(9, spent.Balance);
        }

        [Test]
        public void WritesWhatItReads()
        {
            string text = new JsonWriter().Begin('{').Member("a", "\"\\\n\ud83d\ude00\ud83d").End('}').ToString();
            Assert.AreEqual("\"\\\n\ud83d\ude00\ud83d", JsonReader.Read(text).Find("a").AsText());
        }
    }
}
