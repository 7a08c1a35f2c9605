using NUnit.Framework;

namespace Statkeep.Tests
{
    public sealed class StatChangesTests
    {
        [Test]
        public void AddsWhatIsThereForTheSameStat()
        {
            StatChanges changes = new StatChanges { { Stat.MeleeAtkXp, 20 }, { Stat.MeleeAtkXp, 5 } };
            Assert.AreEqual(25, changes[Stat.MeleeAtkXp]);
            Assert.AreEqual(1, changes.Count);
        }

        [Test]
        public void ReadsTheLargestWholeNumberExactly()
        {
            Assert.IsTrue(JsonReader.Read("9007199254740991").TryLong(out long number));
            Assert.AreEqual(9007199254740991, number);
        }
    }
}
